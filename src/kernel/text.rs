//! What people type as free text, with a limit. The label is the field's label and its key in the catalogue, so mark it: `text!("Name")`.

use super::language::Said;

/// The lines of a text in one, as an address is written: with a comma between two of them.
pub fn lines_joined(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim().trim_end_matches(','));
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    lines.join(", ")
}

/// One line: trimmed, not empty, at most `most` characters, nothing that cannot be printed.
pub fn one_line(label: &'static str, typed: &str, most: usize) -> Result<String, Said> {
    required(label, optional_line(label, typed, most)?)
}

/// One line that may be left empty.
pub fn optional_line(
    label: &'static str,
    typed: &str,
    most: usize,
) -> Result<Option<String>, Said> {
    bounded(label, typed.trim(), most, |_| false)
}

/// Several lines: line ends become `\n`, tabs are kept, the rest as in `one_line`.
pub fn many_lines(label: &'static str, typed: &str, most: usize) -> Result<String, Said> {
    required(label, optional_lines(label, typed, most)?)
}

/// Several lines that may be left empty.
pub fn optional_lines(
    label: &'static str,
    typed: &str,
    most: usize,
) -> Result<Option<String>, Said> {
    let unified = typed.replace("\r\n", "\n").replace('\r', "\n");
    bounded(label, unified.trim(), most, |c| c == '\n' || c == '\t')
}

fn required(label: &'static str, text: Option<String>) -> Result<String, Said> {
    text.ok_or_else(|| Said::new("{label} must be filled in.").naming("label", label))
}

fn bounded(
    label: &'static str,
    text: &str,
    most: usize,
    is_allowed: fn(char) -> bool,
) -> Result<Option<String>, Said> {
    if text.chars().any(|c| is_unprintable(c) && !is_allowed(c)) {
        return Err(Said::new(
            "{label} contains a character that cannot be printed; type it again without copying.",
        )
        .naming("label", label));
    }
    let length = text.chars().count();
    if length > most {
        return Err(
            Said::new("{label} must have {most} characters or fewer; this has {length}.")
                .naming("label", label)
                .with("most", most)
                .with("length", length),
        );
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// Control characters, and the marks that turn the direction of what follows and so can disguise it. The joiners that Indic
/// scripts need are printable.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}
