//! stub
pub struct Toast(pub String);
impl Toast {
    pub fn done(s: String) -> Self {
        Self(s)
    }
}
#[derive(Default)]
pub struct Shell {
    pub lang: &'static str,
    pub title: String,
    pub request_id: String,
    pub theme: Option<&'static str>,
    pub keys_off: bool,
    pub toasts: Vec<Toast>,
    pub nav: Vec<NavGroup>,
    pub tabs: Vec<NavLink>,
    pub search: Option<String>,
    pub home: String,
    pub brand_css: Option<String>,
    pub company: Option<CompanyTile>,
    pub person: Option<PersonTile>,
}
impl Shell {
    pub fn new(lang: &'static str, title: String, request_id: String) -> Self {
        Self {
            lang,
            title,
            request_id,
            ..Self::default()
        }
    }
}
pub struct NavGroup {
    pub heading: Option<String>,
    pub links: Vec<NavLink>,
}
pub struct NavLink {
    pub label: String,
    pub href: String,
    pub icon: &'static str,
    pub go: Option<char>,
    pub count: Option<(u32, String)>,
    pub current: bool,
}
pub struct CompanyTile {
    pub name: String,
    pub slug: String,
    pub initials: String,
    pub sub: String,
}
pub struct PersonTile {
    pub name: String,
    pub role: String,
    pub initials: String,
    pub workspaces: usize,
}
