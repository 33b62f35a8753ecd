//! How numbers of documents look.

use super::document::Kind;
use crate::kernel::dates::FinancialYear;
use crate::kernel::language::Said;

/// Most characters of a number (rule 46).
pub const MOST: usize = 16;
/// Most characters of what can become the beginning of a number.
const LONGEST: usize = 40;
/// Stands for 26-27.
const YEAR: &str = "{FY}";
/// Stands for 2627.
const SHORT_YEAR: &str = "{FY4}";

/// The template of a registration's usual series. The first registration of a company has the plain one, without a GSTIN; the others name theirs by state
/// and thirteenth character, so that no two of a company are alike. Sixteen characters at most, up to number 99,999.
pub fn template(kind: Kind, gstin: Option<&str>) -> String {
    let (word, letter) = match kind {
        Kind::Invoice => ("INV", "I"),
        Kind::BillOfSupply => ("BOS", "B"),
        Kind::CreditNote => ("CN", "C"),
        Kind::DebitNote => ("DN", "D"),
        Kind::CommercialNote => ("CM", "M"),
    };
    match gstin {
        Some(gstin) => {
            let (state, place) = (gstin.get(..2), gstin.get(12..13));
            format!(
                "{letter}{}{}/{{FY}}/{{SEQ:5}}",
                state.unwrap_or_default(),
                place.unwrap_or_default()
            )
        }
        None => format!("{word}/{{FY}}/{{SEQ:5}}"),
    }
}

/// Everything before the running number, with the year in it.
fn begins(template: &str, year: FinancialYear) -> String {
    let code = year.code();
    let long = code.get(2..).unwrap_or_default();
    parts(template)
        .0
        .replace(SHORT_YEAR, &long.replace('-', ""))
        .replace(YEAR, long)
}

/// What stands before the running number in a template, and how many digits that has.
pub fn parts(template: &str) -> (&str, usize) {
    let (before, rest) = template.split_once("{SEQ:").unwrap_or((template, ""));
    let digits = rest.trim_end_matches('}').parse();
    (before, digits.unwrap_or(1))
}

/// A number of a template in a year, as printed.
pub fn number(template: &str, year: FinancialYear, sequence: i32) -> String {
    let digits = parts(template).1;
    format!("{}{sequence:0digits$}", begins(template, year))
}

/// The template of numbers that begin like this and have so many digits at least.
///
/// # Errors
/// The remark in words: what rule 46 does not take.
pub fn assemble(prefix: &str, digits: usize, year: FinancialYear) -> Result<String, Said> {
    let prefix = prefix.trim().to_uppercase();
    if prefix.chars().count() > LONGEST {
        return Err(Said::new("A number has 16 characters at most (rule 46)."));
    }
    let template = format!("{prefix}{{SEQ:{digits}}}");
    let begins = begins(&template, year);
    if begins.is_empty() {
        return Err(Said::new("Enter what the numbers begin with, like INV/."));
    }
    if begins.contains(['{', '}']) {
        return Err(Said::new("In braces only {fy} and {fy4} are known.")
            .with("fy", YEAR)
            .with("fy4", SHORT_YEAR));
    }
    if !prefix.starts_with(|first: char| first.is_ascii_uppercase() || matches!(first, '1'..='9')) {
        return Err(Said::new(
            "A number begins with a letter or a digit other than 0.",
        ));
    }
    let is_taken = |letter: &char| {
        letter.is_ascii_uppercase() || letter.is_ascii_digit() || matches!(letter, '-' | '/')
    };
    if let Some(other) = begins.chars().find(|letter| !is_taken(letter)) {
        return Err(
            Said::new("A number has letters, digits, - and / only (rule 46), no {other}.")
                .with("other", format!("\u{201C}{other}\u{201D}")),
        );
    }
    let first = number(&template, year, 1);
    if first.len() > MOST {
        return Err(Said::new(
            "A number has 16 characters at most (rule 46); {number} has {length}.",
        )
        .with("length", first.len())
        .with("number", first));
    }
    Ok(template)
}

/// Years have four digits that begin with 20.
const LAST_YEAR: i32 = 2099;

/// Whether numbers of two templates could come out alike, in a year or in any after it: the figures of a year may be typed in one of them. As
/// addresses they have hyphens for slashes.
pub fn may_meet(one: &str, other: &str, year: FinancialYear) -> bool {
    let has_year = |template: &str| template.contains(YEAR) || template.contains(SHORT_YEAR);
    if !has_year(one) && !has_year(other) {
        return meet_in(one, other, year);
    }
    let years = std::iter::successors(Some(year), |year| Some(year.next()));
    years
        .take_while(|year| year.first_year() <= LAST_YEAR)
        .any(|year| meet_in(one, other, year))
}

fn meet_in(one: &str, other: &str, year: FinancialYear) -> bool {
    let plain = |template| begins(template, year).replace('/', "-");
    let (one, other) = (plain(one), plain(other));
    let is_more = |short: &str, long: &str| {
        long.strip_prefix(short)
            .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    is_more(&one, &other) || is_more(&other, &one)
}
