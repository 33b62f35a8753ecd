//! Reads the sources for sentences. Knows just enough of Rust and of the templates: strings, comments, and what stands beside a string.

use std::collections::{BTreeMap, BTreeSet};

use mandi::kernel::language::{Catalogue, placeholders};

/// A file of the sources: its path from the root of the project, and its text.
pub struct SourceFile {
    pub path: String,
    pub text: String,
}

/// What the shipped languages must cover: signed-out pages, the retailers' portal, mails, and every sentence that can reach them.
/// The back office is English first.
const SHIPPED: &[&str] = &[
    "templates/users/",
    "templates/layouts/",
    "templates/components/",
    "templates/portal/",
    "templates/mail/",
    "templates/errors/",
    "src/kernel/",
    "src/users/",
    "src/customers/",
    "src/orders/portal/",
    "src/orders/views/portal_",
    "src/orders/packs.rs",
    "src/products/packs.rs",
    "src/orders/rules/",
    "src/orders/mod.rs",
    "src/orders/forms/portal.rs",
    "src/orders/actions/cart.rs",
    "src/orders/actions/place.rs",
    "src/web/",
    "src/error.rs",
    "src/platform/accounts/",
    "src/platform/permissions.rs",
    "src/platform/mail/",
    "src/accounting/portal/",
    "src/accounting/views/entry.rs",
    "src/accounting/views/age.rs",
    "src/accounting/views/letters.rs",
    "src/accounting/views/money_letters.rs",
    "src/accounting/views/ledger.rs",
    "src/accounting/views/shop_ledger.rs",
    "src/ledger/rules.rs",
    "templates/accounting/ledger/_",
];

/// Everything wrong with the catalogues, in words; missing translations as lines of JSON to paste.
pub fn faults(files: &[SourceFile], english: &Catalogue, hindi: &Catalogue) -> Vec<String> {
    let mut uses: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files {
        for key in sentences(file) {
            uses.entry(key).or_default().push(file.path.clone());
        }
    }
    let mut faults = missing(&uses, hindi);
    for (name, catalogue) in [("en", english), ("hi", hindi)] {
        for (key, entry) in catalogue.iter().collect::<BTreeMap<_, _>>() {
            if !uses.contains_key(key) {
                faults.push(format!("locales/{name}.json: nothing says {} (if a table of labels does, mark it there: text!(…)); else take it out", quoted(key)));
            }
            for text in entry.texts() {
                let (wanted, found) = (placeholders(key), placeholders(text));
                // "1 order" may be written out as "one order".
                let without_count: Vec<&str> = wanted
                    .iter()
                    .copied()
                    .filter(|name| *name != "count")
                    .collect();
                let is_one = entry.texts().len() == 2 && entry.texts()[0] == text;
                if text.trim().is_empty()
                    || (found != wanted && !(is_one && found == without_count))
                {
                    faults.push(format!("locales/{name}.json: {} must have the placeholders {wanted:?}, but {} has {found:?}", quoted(key), quoted(text)));
                }
            }
        }
    }
    for key in uses
        .keys()
        .filter(|key| english.get(key).is_none() && looks_plural(key))
    {
        faults.push(format!(
            "locales/en.json: {} counts something; it needs {{\"one\": …, \"other\": …}} there",
            quoted(key)
        ));
    }
    faults
}

/// One line of JSON for each key that a shipped surface says and Hindi lacks, and then where they are said.
fn missing(uses: &BTreeMap<String, Vec<String>>, hindi: &Catalogue) -> Vec<String> {
    let is_shipped = |path: &&String| SHIPPED.iter().any(|start| path.starts_with(start));
    let mut lines = Vec::new();
    let mut places = BTreeSet::new();
    for (key, paths) in uses.iter().filter(|(key, _)| hindi.get(key).is_none()) {
        if let Some(path) = paths.iter().find(is_shipped) {
            lines.push(format!(" {0}: {0},", quoted(key)));
            places.insert(path.as_str());
        }
    }
    if !places.is_empty() {
        lines.push(format!(
            "(locales/hi.json lacks these; said in {})",
            Vec::from_iter(places).join(", ")
        ));
    }
    lines
}

/// `{count} orders`: a count and then a word that in English changes with it.
fn looks_plural(key: &str) -> bool {
    key.split("{count} ").skip(1).any(|rest| {
        let word = rest
            .split(|c: char| !c.is_alphabetic())
            .next()
            .unwrap_or("");
        word.len() > 2 && word.ends_with('s') && !word.ends_with("ss")
    })
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// The sentences that a file says.
pub fn sentences(file: &SourceFile) -> BTreeSet<String> {
    if file.path.starts_with("templates/") {
        template_sentences(&file.text)
    } else {
        rust_sentences(&file.text)
    }
}

/// String literals inside `{{ … }}` and `{% … %}` that `|t`, `|with` or `|t_with` follows.
fn template_sentences(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for code in expressions(text) {
        for literal in literals(&code) {
            let after = literal.after.trim_start();
            let filter: String = after
                .strip_prefix('|')
                .unwrap_or("")
                .trim_start()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if ["t", "with", "t_with"].contains(&filter.as_str()) {
                found.insert(literal.value);
            }
        }
    }
    found
}

/// The insides of `{{ }}` and `{% %}`; comments `{# #}` are skipped.
fn expressions(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest
        .find("{{")
        .into_iter()
        .chain(rest.find("{%"))
        .chain(rest.find("{#"))
        .min()
    {
        let end = match &rest[start..start + 2] {
            "{{" => "}}",
            "{%" => "%}",
            _ => "#}",
        };
        let inside = &rest[start + 2..];
        let length = end_outside_strings(inside, end, end != "#}");
        if end != "#}" {
            found.push(inside[..length].to_owned());
        }
        rest = inside.get(length + 2..).unwrap_or("");
    }
    found
}

/// Where `end` stands outside of string literals.
pub(super) fn end_outside_strings(text: &str, end: &str, has_strings: bool) -> usize {
    let mut in_string = false;
    let mut escaped = false;
    for (index, character) in text.char_indices() {
        if in_string {
            in_string = escaped || character != '"';
            escaped = !escaped && character == '\\';
        } else if has_strings && character == '"' {
            in_string = true;
        } else if text[index..].starts_with(end) {
            return index;
        }
    }
    text.len()
}

/// The comment that makes every capitalised literal of a file a sentence, for tables inside a macro, where `text!` cannot stand.
const TABLE: &str = "// labels: every literal in this file that begins with a capital letter";

/// String literals after `Said::new(`, `.t(`, `text!(`, a label parser or `.naming("…",`.
fn rust_sentences(text: &str) -> BTreeSet<String> {
    const BEFORE: &[&str] = &[
        "Said::new(",
        ".t(",
        "text!(",
        "one_line(",
        "optional_line(",
        "many_lines(",
        "optional_lines(",
    ];
    let is_table = text.contains(TABLE);
    literals(text)
        .into_iter()
        .filter(|literal| {
            let before = literal.before.as_str();
            let is_label =
                before.ends_with(',') && before.trim_end_matches(',').ends_with(".naming(\"\"");
            let is_row = is_table && literal.value.starts_with(char::is_uppercase);
            is_row || is_label || BEFORE.iter().any(|start| before.ends_with(start))
        })
        .map(|literal| literal.value)
        .collect()
}

/// A string literal, the code before it (without spaces and comments, other literals emptied) and the text after it.
struct Literal {
    value: String,
    before: String,
    after: String,
}

fn literals(text: &str) -> Vec<Literal> {
    let characters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut before = String::new();
    let mut at = 0;
    while at < characters.len() {
        let two: String = characters[at..].iter().take(2).collect();
        if two == "//" {
            at += characters[at..]
                .iter()
                .position(|c| *c == '\n')
                .unwrap_or(characters.len() - at);
        } else if characters[at] == '"' {
            let (value, end) = string_at(&characters, at + 1);
            let after: String = characters[end..].iter().take(40).collect();
            // The last part of the code is enough to know what the literal belongs to.
            let tail: String = before
                .chars()
                .rev()
                .take(40)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect();
            found.push(Literal {
                value,
                before: tail,
                after,
            });
            before.push_str("\"\"");
            at = end;
        } else if characters[at] == '\'' {
            at = after_quote(&characters, at);
        } else {
            if !characters[at].is_whitespace() {
                before.push(characters[at]);
            }
            at += 1;
        }
    }
    found
}

/// Past a character literal, or past the tick of a lifetime.
fn after_quote(characters: &[char], at: usize) -> usize {
    match characters.get(at + 1..at + 4) {
        Some(['\\', _, '\'']) => at + 4,
        Some([_, '\'', _]) => at + 3,
        _ => at + 1,
    }
}

/// The value of a string literal whose first character is at `at`, and where the text after its closing quote begins.
fn string_at(characters: &[char], mut at: usize) -> (String, usize) {
    let mut value = String::new();
    while at < characters.len() && characters[at] != '"' {
        if characters[at] != '\\' {
            value.push(characters[at]);
            at += 1;
            continue;
        }
        match characters.get(at + 1) {
            Some('n') => value.push('\n'),
            Some('t') => value.push('\t'),
            Some('\n') => {
                at += 2;
                while characters.get(at).is_some_and(|c| c.is_whitespace()) {
                    at += 1;
                }
                continue;
            }
            Some('u') => {
                let digits: String = characters[at..]
                    .iter()
                    .skip(3)
                    .take_while(|c| **c != '}')
                    .collect();
                value.extend(
                    u32::from_str_radix(&digits, 16)
                        .ok()
                        .and_then(char::from_u32),
                );
                at += digits.len() + 4;
                continue;
            }
            Some(other) => value.push(*other),
            None => {}
        }
        at += 2;
    }
    (value, at + 1)
}
