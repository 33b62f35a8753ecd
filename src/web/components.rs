//! stub
pub struct Summary {
    pub problems: Vec<(String, String)>,
}
pub struct Pager {
    pub text: String,
    pub previous: Option<String>,
    pub next: Option<String>,
}
pub struct SortHead {
    pub label: String,
    pub href: String,
    pub direction: Option<&'static str>,
    pub numeric: bool,
}
