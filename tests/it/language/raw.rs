//! Finds words that a template prints without asking the catalogue.

use super::scan::{SourceFile, end_outside_strings};

/// Words that stand in a template as they are, where no reader's language can reach them. Keys (`<kbd>`), code, a word with a digit
/// in it, the name of a class (`{% block body_class %}`) and an element that says its language (`lang="hi"`) are left alone.
pub fn raw_texts(file: &SourceFile) -> Vec<String> {
    let without_classes = without_class_blocks(&file.text);
    let without_code = blanked(
        &blanked(&blanked(&without_classes, "{#", "#}"), "{{", "}}"),
        "{%",
        "%}",
    );
    let without_code = blanked(
        &blanked(&without_code, "<!--", "-->"),
        "<script",
        "</script>",
    );
    let without_code = blanked(&without_code, "<style", "</style>");
    let mut raw = Vec::new();
    for piece in without_code.split('<') {
        let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
        for attribute in [
            "placeholder=\"",
            "title=\"",
            "alt=\"",
            "aria-label=\"",
            "content=\"",
        ] {
            let value = tag.split_once(attribute).and_then(|(before, rest)| {
                let is_shown = !attribute.starts_with("content") || tag.contains("description");
                let is_whole = is_shown && before.ends_with(char::is_whitespace);
                is_whole.then(|| rest.split('"').next().unwrap_or(""))
            });
            raw.extend(
                value
                    .filter(|value| has_words(value))
                    .map(|value| format!("{attribute}{value}\"")),
            );
        }
        let is_own = ["kbd", "code", "pre", "samp"].contains(&tag.split(' ').next().unwrap_or(""))
            || tag.contains(" lang=");
        if !is_own && has_words(text) {
            raw.push(text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    raw
}

/// Two letters in a row that are no entity and not the product's name.
fn has_words(text: &str) -> bool {
    let mut text = text.replace("Mandi", "");
    while let Some((before, entity)) = text
        .split_once('&')
        .and_then(|(before, rest)| Some((before.to_owned(), rest.split_once(';')?.1.to_owned())))
    {
        text = format!("{before} {entity}");
    }
    text.split_whitespace()
        .filter(|word| !word.contains(|c: char| c.is_ascii_digit()))
        .flat_map(|word| word.split(|c: char| !c.is_alphabetic()))
        .any(|word| word.chars().count() > 1)
}

/// The text without the insides of blocks whose name ends in `class`.
fn without_class_blocks(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once("class %}") {
        kept.push_str(before);
        kept.push_str("class %}");
        let is_block = before
            .rsplit("{%")
            .next()
            .is_some_and(|code| code.trim_start().starts_with("block"));
        rest = if is_block {
            inside.find("{% endblock").map_or("", |end| &inside[end..])
        } else {
            inside
        };
    }
    kept.push_str(rest);
    kept
}

/// The text with everything from each `start` to its `end` taken out.
fn blanked(text: &str, start: &str, end: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once(start) {
        kept.push_str(before);
        // A quote inside {{ }} may hold the end mark; a tag has no such strings.
        let length = if start.starts_with('{') {
            end_outside_strings(inside, end, start != "{#")
        } else {
            inside.find(end).unwrap_or(inside.len())
        };
        rest = inside.get(length + end.len()..).unwrap_or("");
    }
    kept.push_str(rest);
    kept
}
