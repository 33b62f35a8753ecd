//! Somebody with a browser and no JavaScript: opens pages, fills in forms as the page offers them, reads what is shown.

use super::app;
use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use scraper::{Html, Selector};
use std::sync::Arc;
use std::time::Duration;

/// A browser with its own cookies.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    base: String,
    jar: Arc<Jar>,
}

/// What a browser shows.
pub struct Page {
    browser: Browser,
    /// Path and query of the page.
    pub path: String,
    /// HTTP status.
    pub status: u16,
    /// Headers of the answer.
    pub headers: HeaderMap,
    /// The body as text.
    pub html: String,
}

impl Browser {
    /// A fresh browser on the application under test.
    pub fn new() -> Self {
        Self::on(&app().base)
    }

    /// A fresh browser on some address.
    pub fn on(base: &str) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let jar = Arc::new(Jar::default());
        let client = Client::builder()
            .cookie_provider(Arc::clone(&jar))
            .redirect(Policy::none())
            .timeout(Duration::from_secs(60))
            // Shorter than the server keeps a silent line, so that no request meets one that is just being closed.
            .pool_idle_timeout(Duration::from_secs(2))
            .user_agent("mandi-tests")
            .build()
            .unwrap();
        Self {
            client,
            base: base.to_owned(),
            jar,
        }
    }

    /// Its cookies, by name and value.
    pub fn cookies(&self) -> Vec<(String, String)> {
        let header = self.jar.cookies(&url::Url::parse(&self.base).unwrap());
        header
            .as_ref()
            .and_then(|header| header.to_str().ok())
            .unwrap_or_default()
            .split("; ")
            .filter_map(|cookie| cookie.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// Opens an address; follows redirects as a browser does.
    pub fn open(&self, path: &str) -> Page {
        self.get(path).follow()
    }

    /// Opens an address and stays at the first answer.
    pub fn get(&self, path: &str) -> Page {
        self.send(path, self.client.get(self.url(path)))
    }

    /// Opens an address with headers of one's own.
    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Page {
        let request = headers
            .iter()
            .fold(self.client.get(self.url(path)), |request, (name, value)| {
                request.header(*name, *value)
            });
        self.send(path, request)
    }

    /// Posts fields to an address, as a form of our own page would.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.send(
            path,
            self.client
                .post(self.url(path))
                .header("Origin", &self.base)
                .form(fields),
        )
    }

    /// Opens an address, unless the connection breaks.
    pub fn try_get(&self, path: &str) -> Option<Page> {
        self.try_page(path, self.client.get(self.url(path)))
    }

    /// Posts fields as a form of our own page would, unless the connection breaks.
    pub fn try_post(&self, path: &str, fields: &[(&str, &str)]) -> Option<Page> {
        let request = self
            .client
            .post(self.url(path))
            .header("Origin", &self.base);
        self.try_page(path, request.form(fields))
    }

    /// The same person, signed in as before, at another address.
    pub fn moved_to(&self, base: &str) -> Self {
        let browser = Self::on(base);
        let to = url::Url::parse(base).unwrap();
        for (name, value) in self.cookies() {
            browser.jar.add_cookie_str(&format!("{name}={value}"), &to);
        }
        browser
    }

    /// Posts fields and a file, as a form of our own page would.
    pub fn upload(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        (name, bytes): (&str, &[u8]),
    ) -> Page {
        let part =
            reqwest::blocking::multipart::Part::bytes(bytes.to_vec()).file_name(name.to_owned());
        let parts = fields.iter().fold(
            reqwest::blocking::multipart::Form::new().part("file", part),
            |parts, (name, value)| parts.text((*name).to_owned(), (*value).to_owned()),
        );
        let request = self
            .client
            .post(self.url(path))
            .header("Origin", &self.base);
        self.send(path, request.multipart(parts))
    }

    /// Posts fields with headers of one's own and no proof of origin but these.
    pub fn post_with(&self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Page {
        let request = headers.iter().fold(
            self.client.post(self.url(path)),
            |request, (name, value)| request.header(*name, *value),
        );
        self.send(path, request.form(fields))
    }

    /// The bytes of a download.
    pub fn bytes(&self, path: &str) -> (u16, HeaderMap, Vec<u8>) {
        let response = self.client.get(self.url(path)).send().unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        (status, headers, response.bytes().unwrap().to_vec())
    }

    /// Signs in through the form.
    pub fn sign_in(&self, email: &str, password: &str) -> Page {
        self.open("/sign-in")
            .form("form[action='/sign-in']")
            .fill("email", email)
            .fill("password", password)
            .submit()
            .follow()
    }

    /// The whole address of a path.
    pub fn url(&self, path: &str) -> String {
        if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.base)
        }
    }

    fn send(&self, path: &str, request: RequestBuilder) -> Page {
        self.page(path, request.send().unwrap())
    }

    fn try_page(&self, path: &str, request: RequestBuilder) -> Option<Page> {
        let response = request.send().ok()?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Some(Page {
            browser: self.clone(),
            path: path.to_owned(),
            status,
            headers,
            html: response.text().ok()?,
        })
    }

    fn page(&self, path: &str, response: Response) -> Page {
        Page {
            browser: self.clone(),
            path: path.to_owned(),
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            html: response.text().unwrap(),
        }
    }
}

impl Page {
    /// A header of the answer, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Follows redirects to the page that is shown in the end.
    pub fn follow(self) -> Self {
        let mut page = self;
        for _ in 0..10 {
            let to = page.header("location").to_owned();
            if !(300..400).contains(&page.status) || to.is_empty() {
                return page;
            }
            page = page.browser.get(&to);
        }
        panic!("{} redirects in a circle", page.path);
    }

    /// The texts of what a selector finds.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        Html::parse_document(&self.html)
            .select(&selector)
            .map(|found| squeeze(&found.text().collect::<String>()))
            .collect()
    }

    /// The texts of what a selector finds, with a space between the texts of its parts.
    pub fn rows(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        Html::parse_document(&self.html)
            .select(&selector)
            .map(|found| squeeze(&found.text().collect::<Vec<_>>().join(" ")))
            .collect()
    }

    /// How many elements a selector finds.
    pub fn count(&self, selector: &str) -> usize {
        self.texts(selector).len()
    }

    /// An attribute of every element that a selector finds.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        Html::parse_document(&self.html)
            .select(&selector)
            .filter_map(|found| found.value().attr(name).map(str::to_owned))
            .collect()
    }

    /// An attribute of the first element that a selector finds.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let selector = Selector::parse(selector).unwrap();
        Html::parse_document(&self.html)
            .select(&selector)
            .next()
            .and_then(|found| found.value().attr(name).map(str::to_owned))
    }

    /// Fails unless some element that the selector finds shows the text.
    #[track_caller]
    pub fn shows(&self, selector: &str, text: &str) -> &Self {
        let texts = self.texts(selector);
        assert!(
            texts.iter().any(|found| found.contains(text)),
            "{} ({}): no {selector:?} shows {text:?}; found {texts:?}\n{}",
            self.path,
            self.status,
            self.excerpt()
        );
        self
    }

    /// Fails if any element that the selector finds shows the text.
    #[track_caller]
    pub fn shows_not(&self, selector: &str, text: &str) -> &Self {
        assert!(
            !self
                .texts(selector)
                .iter()
                .any(|found| found.contains(text)),
            "{} shows {text:?} in {selector:?}",
            self.path
        );
        self
    }

    /// Fails unless the status is this.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}: {}", self.path, self.excerpt());
        self
    }

    /// Follows the link with this text.
    #[track_caller]
    pub fn click(&self, text: &str) -> Self {
        let links = Selector::parse("a[href]").unwrap();
        let document = Html::parse_document(&self.html);
        let href = document
            .select(&links)
            .find(|link| squeeze(&link.text().collect::<String>()).contains(text))
            .and_then(|link| link.value().attr("href").map(str::to_owned));
        let Some(href) = href else {
            panic!("{}: no link {text:?}\n{}", self.path, self.excerpt())
        };
        self.browser.open(&self.resolve(&href))
    }

    /// The form that a selector finds, with the values that the page gives.
    #[track_caller]
    pub fn form(&self, selector: &str) -> FormFiller {
        let document = Html::parse_document(&self.html);
        let wanted = Selector::parse(selector).unwrap();
        let Some(form) = document.select(&wanted).next() else {
            panic!("{}: no form {selector:?}\n{}", self.path, self.excerpt())
        };
        assert_eq!(
            form.value().name(),
            "form",
            "{selector:?} does not find a form"
        );
        let mut fields = Vec::new();
        let controls = Selector::parse("input, select, textarea, button").unwrap();
        let mut button = None;
        for control in form.select(&controls) {
            let element = control.value();
            let Some(name) = element.attr("name") else {
                continue;
            };
            match (element.name(), element.attr("type").unwrap_or("text")) {
                ("input", "checkbox" | "radio") => {
                    if element.attr("checked").is_some() {
                        fields.push((
                            name.to_owned(),
                            element.attr("value").unwrap_or("on").to_owned(),
                        ));
                    }
                }
                ("input", "file" | "submit" | "image") => {}
                ("input", _) => fields.push((
                    name.to_owned(),
                    element.attr("value").unwrap_or_default().to_owned(),
                )),
                ("textarea", _) => {
                    fields.push((name.to_owned(), control.text().collect::<String>()));
                }
                ("select", _) => {
                    let options = Selector::parse("option").unwrap();
                    let chosen = control
                        .select(&options)
                        .find(|option| option.value().attr("selected").is_some())
                        .or_else(|| control.select(&options).next());
                    if let Some(option) = chosen {
                        let text = option.text().collect::<String>();
                        fields.push((
                            name.to_owned(),
                            option.value().attr("value").unwrap_or(&text).to_owned(),
                        ));
                    }
                }
                _ => {
                    button.get_or_insert((
                        name.to_owned(),
                        element.attr("value").unwrap_or_default().to_owned(),
                    ));
                }
            }
        }
        FormFiller {
            browser: self.browser.clone(),
            method: form
                .value()
                .attr("method")
                .unwrap_or("get")
                .to_ascii_lowercase(),
            action: self.resolve(form.value().attr("action").unwrap_or(&self.path)),
            fields,
            button,
            attached: None,
            names: form
                .select(&controls)
                .filter_map(|control| control.value().attr("name").map(str::to_owned))
                .collect(),
        }
    }

    /// Every form of the page that changes something, by its address.
    pub fn changes(&self) -> Vec<FormFiller> {
        let document = Html::parse_document(&self.html);
        let forms = Selector::parse("form[method=post][action]").unwrap();
        let actions: Vec<String> = document
            .select(&forms)
            .filter_map(|form| form.value().attr("action").map(str::to_owned))
            .collect();
        actions
            .iter()
            .map(|action| self.form(&format!("form[method=post][action='{action}']")))
            .collect()
    }

    /// The whole address of a link of this page.
    pub fn resolve(&self, href: &str) -> String {
        let here = url::Url::parse(&self.browser.url(&self.path)).unwrap();
        here.join(href).unwrap().to_string()
    }

    fn excerpt(&self) -> String {
        let text = self.texts("main").join(" ");
        text.chars().take(1500).collect()
    }
}

/// A form being filled in.
#[derive(Clone)]
pub struct FormFiller {
    browser: Browser,
    method: String,
    /// Where it goes.
    pub action: String,
    /// Names and values, in order.
    pub fields: Vec<(String, String)>,
    button: Option<(String, String)>,
    attached: Option<(String, Vec<u8>)>,
    names: Vec<String>,
}

impl FormFiller {
    /// Types into a field; fails when the form has none of this name.
    #[track_caller]
    pub fn fill(mut self, name: &str, value: &str) -> Self {
        assert!(
            self.names.iter().any(|known| known == name),
            "the form to {} has no field {name:?}, only {:?}",
            self.action,
            self.names
        );
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets a value whether the form offers the field or not: somebody who edits the page.
    pub fn forge(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Presses a button by name and value.
    pub fn press(mut self, name: &str, value: &str) -> Self {
        self.button = Some((name.to_owned(), value.to_owned()));
        self
    }

    /// Presses a button that sends the form to another address of the page (`formaction`).
    pub fn to(mut self, path: &str) -> Self {
        self.action = self.browser.url(path);
        self
    }

    /// Chooses a file; fails when the form takes none, or would not send its bytes.
    #[track_caller]
    pub fn attach(mut self, name: &str, bytes: &[u8]) -> Self {
        assert!(
            self.names.iter().any(|known| known == "file"),
            "the form to {} takes no file",
            self.action
        );
        self.attached = Some((name.to_owned(), bytes.to_vec()));
        self
    }

    fn submit_parts(self, (name, bytes): (String, Vec<u8>)) -> Page {
        let part = reqwest::blocking::multipart::Part::bytes(bytes).file_name(name);
        let parts = self.fields.into_iter().chain(self.button).fold(
            reqwest::blocking::multipart::Form::new().part("file", part),
            |parts, (name, value)| parts.text(name, value),
        );
        let to = self.browser.url(&self.action);
        let request = self
            .browser
            .client
            .post(to)
            .header("Origin", &self.browser.base);
        self.browser.send(&self.action, request.multipart(parts))
    }

    /// Sends the form; stays at the first answer.
    pub fn submit(mut self) -> Page {
        if let Some(attached) = self.attached.take() {
            return self.submit_parts(attached);
        }
        let mut fields: Vec<(&str, &str)> = self
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        if let Some((name, value)) = &self.button {
            fields.push((name, value));
        }
        if self.method == "post" {
            return self.browser.post(&self.action, &fields);
        }
        let mut to = url::Url::parse(&self.action).unwrap();
        to.query_pairs_mut().clear().extend_pairs(fields);
        self.browser.get(to.as_str())
    }
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
