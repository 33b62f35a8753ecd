//! Files on their way through the pages of an import.

use super::{Browser, FormFiller, Page, until};
use std::fmt::Write;

/// Sends a file; the answer is the first one.
pub fn send(browser: &Browser, base: &str, kind: &str, name: &str, bytes: &[u8]) -> Page {
    browser
        .open(&format!("{base}/{kind}/import"))
        .form("#import")
        .attach(name, bytes)
        .submit()
}

/// Waits until no job is at an import, and shows its page.
#[track_caller]
pub fn settled(browser: &Browser, path: &str) -> Page {
    until("the job is over", || {
        browser.open(path).count("#counts") == 1
    });
    browser.open(path)
}

/// `rows created merged refused` of a page.
pub fn counts(page: &Page) -> [u32; 4] {
    let figures = page.texts("#counts dd");
    let figure = |place: usize| figures[place].parse().unwrap();
    [figure(0), figure(1), figure(2), figure(3)]
}

/// The columns' form, filled with `name=value;…`.
pub fn filled(page: &Page, fields: &str) -> FormFiller {
    let form = page.form("#columns").press("op", "check");
    fields
        .split(';')
        .filter_map(|pair| pair.split_once('='))
        .fold(form, |form, (name, value)| form.fill(name, value))
}

/// `6: reason | 7: reason`.
pub fn reasons(page: &Page) -> String {
    let rows = page.texts("#refused tbody th");
    let said = page.texts("#refused tbody td:last-child");
    let mut text = String::new();
    for (row, said) in rows.iter().zip(said) {
        let bar = if text.is_empty() { "" } else { " | " };
        write!(text, "{bar}{row}: {said}").unwrap();
    }
    text
}
