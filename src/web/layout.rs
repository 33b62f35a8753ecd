//! The typed view of what stands around every page.

/// What every page carries: who and where, the ways on, messages, the request's id.
#[derive(Clone, Debug, Default)]
pub struct Shell {
    /// Tag of the language, for `<html lang>`.
    pub lang: &'static str,
    /// What the page is; with the company's name it becomes the title.
    pub title: String,
    /// Whether the form on the page has remarks: the title begins with "Error: ".
    pub has_errors: bool,
    /// light, dark, or the system's.
    pub theme: Option<&'static str>,
    /// Whether single-key shortcuts are off.
    pub keys_off: bool,
    /// Shown on error pages and in the foot.
    pub request_id: String,
    /// The company (or, in the portal, the supplier) whose page this is.
    pub company: Option<CompanyTile>,
    /// The company's own colour as a style sheet.
    pub brand_css: Option<String>,
    /// Who is signed in.
    pub person: Option<PersonTile>,
    /// The sidebar.
    pub nav: Vec<NavGroup>,
    /// The portal's tabs.
    pub tabs: Vec<NavLink>,
    /// Address of the portal's catalogue, which searches.
    pub find: Option<String>,
    /// What is searched for there.
    pub sought: String,
    /// The portal's cart, for whoever may order.
    pub cart: Option<CartTile>,
    /// Where the tile leads.
    pub home: String,
    /// Address of the search page; the palette asks it too.
    pub search: Option<String>,
    /// Messages that leave by themselves.
    pub toasts: Vec<Toast>,
    /// Whether the page follows a stream.
    pub sse: bool,
    /// Without script the page loads itself again after so many seconds.
    pub refresh_secs: Option<u32>,
}

impl Shell {
    /// A shell with nothing but language, title and request.
    pub fn new(lang: &'static str, title: String, request_id: String) -> Self {
        Self {
            lang,
            title,
            request_id,
            home: "/".to_owned(),
            ..Self::default()
        }
    }

    /// Marks the page as one whose form has remarks.
    #[must_use]
    pub fn with_errors(mut self, has_errors: bool) -> Self {
        self.has_errors = has_errors;
        self
    }
}

/// A company as a tile.
#[derive(Clone, Debug)]
pub struct CompanyTile {
    /// Trade name.
    pub name: String,
    /// Its part of addresses.
    pub slug: String,
    /// First letters.
    pub initials: String,
    /// Address of the logo, which takes the letters' place.
    pub logo: Option<String>,
    /// A second line: the role there.
    pub sub: String,
}

/// The cart in the top bar and, where a page knows what is in it, above the tabs.
#[derive(Clone, Debug)]
pub struct CartTile {
    /// Its page.
    pub href: String,
    /// What is in it; pages that have nothing to do with the cart don't ask.
    pub content: Option<CartSum>,
    /// Whether the bar is shown; the cart's own page has none.
    pub has_bar: bool,
}

/// What a cart holds.
#[derive(Clone, Debug)]
pub struct CartSum {
    /// Products.
    pub count: usize,
    /// What they came to when last seen, with GST.
    pub amount: String,
}

/// The signed-in person as a tile.
#[derive(Clone, Debug)]
pub struct PersonTile {
    /// Name.
    pub name: String,
    /// A second line: role or address.
    pub role: String,
    /// First letters.
    pub initials: String,
    /// How many workspaces there are to choose from.
    pub workspaces: usize,
}

/// A group of the sidebar.
#[derive(Clone, Debug)]
pub struct NavGroup {
    /// Its heading.
    pub heading: Option<String>,
    /// Its links.
    pub links: Vec<NavLink>,
}

/// A link of the sidebar or a tab.
#[derive(Clone, Debug)]
pub struct NavLink {
    /// Its words.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// Its icon.
    pub icon: &'static str,
    /// The key that follows `g`.
    pub go: Option<char>,
    /// How many wait, and what ("to approve").
    pub count: Option<(u32, String)>,
    /// Whether this is the page.
    pub current: bool,
    /// Whether a phone, which has room for five at its foot, shows it under "Account" instead.
    pub is_minor: bool,
}

/// A message that leaves by itself.
#[derive(Clone, Debug)]
pub struct Toast {
    /// What happened, in past tense.
    pub text: String,
}

impl Toast {
    /// Something was done.
    pub fn done(text: String) -> Self {
        Self { text }
    }
}
