//! What the authority refuses, by its codes: what kind of refusal it is, which field it is about, where to put it right, and the words for it.

mod codes;

pub use codes::CODES;

use super::einvoice::{Operation, Outcome};
use crate::accounting::fault::Fault;
use crate::kernel::language::{Said, text};
use std::borrow::Cow;

/// What a code asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A new login.
    SignIn,
    /// Patience.
    Wait,
    /// Other data.
    Fix,
    /// A look at what the authority has.
    Recover,
    /// Nothing helps.
    Stop,
    /// Another account.
    Account,
}

/// Where what a code is about is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The document itself.
    Document,
    /// A product of it.
    Product,
    /// Its customer.
    Customer,
    /// The registration that supplies.
    Registration,
    /// The warehouse that the goods leave.
    Warehouse,
    /// The registration's account at the authority.
    Account,
    /// Nowhere here.
    Authority,
}

/// A code.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// As the authority writes it.
    pub code: &'static str,
    /// What it asks for.
    pub class: Class,
    /// The field, as forms name it.
    pub field: &'static str,
    /// Where that is kept.
    pub place: Place,
    /// What is wrong; a key of the message catalogue.
    pub said: &'static str,
}

/// What is known of a code.
pub fn known(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|row| row.code == code)
}

/// Whether a refusal says that a GSTIN is not known there, which a look at the common portal may mend.
pub fn is_stranger(codes: &[(String, String)]) -> bool {
    codes
        .iter()
        .any(|(code, _)| matches!(code.as_str(), "3028" | "3029"))
}

/// What came of a call that was answered with these codes; with none it was done.
pub fn outcome(operation: Operation, codes: &[(String, String)]) -> Outcome {
    if codes.is_empty() {
        return Outcome::Done;
    }
    let has = |wanted: &[&str]| {
        codes
            .iter()
            .any(|(code, _)| wanted.contains(&code.as_str()))
    };
    let is_class = |class: Class| {
        let mut classes = codes.iter().map(|(code, said)| class_of(code, said));
        classes.any(|found| found == class)
    };
    let is_look = matches!(operation, Operation::Find | Operation::Fetch);
    if operation == Operation::Cancel && has(&["9999"]) {
        // It is cancelled there already, which is what was asked.
        Outcome::Done
    } else if operation == Operation::Generate && has(&["2150"]) {
        Outcome::Duplicate
    } else if is_look && has(&["2148", "2154", "3001", "2296"]) {
        Outcome::NotFound
    } else if is_class(Class::SignIn) {
        Outcome::SignedOut
    } else if is_class(Class::Wait) {
        Outcome::Busy
    } else {
        Outcome::Refused
    }
}

/// What fields are called in what is sent: parts of an invoice, and words of an e-way bill that stand in no plain sentence.
const FIELDS: [&str; 9] = [
    "Dtls",
    "ItemList",
    "VehNo",
    "VehType",
    "TransMode",
    "TransId",
    "TransName",
    "TransDocNo",
    "TransDocDt",
];

/// Whether a code is an error of the authority's own, of which its words tell more than we could.
pub fn is_its_own_error(code: &str) -> bool {
    matches!(code, "5001" | "5002")
}

/// The class of a code. Errors of its own pass, unless their words name a field.
fn class_of(code: &str, said: &str) -> Class {
    let names_field = FIELDS.iter().any(|field| said.contains(field));
    match (code, known(code)) {
        (code, _) if is_its_own_error(code) && names_field => Class::Fix,
        (_, Some(row)) => row.class,
        (_, None) => Class::Fix,
    }
}

/// What a document is about, as far as links need it.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Number of the document.
    pub document: &'a str,
    /// GSTIN of the registration.
    pub gstin: &'a str,
    /// The customer's code.
    pub customer: &'a str,
    /// Codes of its products, line by line.
    pub skus: &'a [String],
}

/// A refusal as people read it.
pub fn fault(code: &str, words: &str, about: &About) -> Fault {
    let row = known(code);
    let place = row.map_or(Place::Document, |row| side_of(row.place, words));
    let line = line_of(words, about.skus.len());
    let said = match row {
        Some(row) => Said::new(row.said),
        None => Said::new("The authority refused it: {words}").with("words", short(words)),
    };
    let mut fault = Fault::new(row.map_or("document", |row| row.field), said, fix(place));
    fault.code = (!code.is_empty()).then(|| code.to_owned());
    fault.document = Some(about.document.to_owned());
    fault.line = line;
    fault.field = Cow::Borrowed(row.map_or("document", |row| row.field));
    fault.link = link(place, line, about);
    fault
}

/// A refusal of a login as people read it: whatever the code, it is the account that it is about, and no document.
pub fn login_fault(code: &str, words: &str, (document, gstin): (&str, &str)) -> Fault {
    let row = known(code);
    let said = match row {
        Some(row) => Said::new(row.said),
        None => Said::new("The authority refused it: {words}").with("words", short(words)),
    };
    let is_its_own = row.filter(|row| row.place == Place::Account);
    let mut fault = Fault::new(
        is_its_own.map_or("account", |row| row.field),
        said,
        fix(Place::Account),
    );
    fault.code = (!code.is_empty()).then(|| code.to_owned());
    fault.document = Some(document.to_owned());
    fault.at(format!("/settings/e-invoices/{gstin}"))
}

/// The refusal that really says that an account, or what it signs in with, is wrong; after no other is the account left alone until somebody
/// has looked.
pub fn about_account(codes: &[(String, String)]) -> Option<&(String, String)> {
    codes.iter().find(|(code, _)| {
        known(code).is_some_and(|row| matches!(row.class, Class::Account | Class::Stop))
    })
}

/// Codes about an address are the same for each side; the words name the part of the document that it stands in.
fn side_of(usual: Place, words: &str) -> Place {
    match usual {
        Place::Customer if words.contains("DispDtls") => Place::Warehouse,
        Place::Customer if words.contains("SellerDtls") => Place::Registration,
        _ => usual,
    }
}

fn fix(place: Place) -> Said {
    Said::new(match place {
        Place::Document => text!(
            "Cancel this document and bill again, or send it again if the authority was wrong."
        ),
        Place::Product => text!("Correct the product, cancel this document and bill again."),
        Place::Customer => text!(
            "Correct the customer, cancel this document and bill again; if the customer is right, send it again."
        ),
        Place::Registration => text!(
            "Correct the registration, cancel this document and bill again; if it is right, ask the authority's help desk."
        ),
        Place::Warehouse => {
            text!("Correct the address of the warehouse, cancel this document and bill again.")
        }
        Place::Account => text!("Correct the account at the authority, then send it again."),
        Place::Authority => text!("Send it again later."),
    })
}

fn link(place: Place, line: Option<i32>, about: &About) -> String {
    match place {
        Place::Product => {
            let at = line.and_then(|line| usize::try_from(line - 1).ok());
            let sku = at
                .and_then(|at| about.skus.get(at))
                .or_else(|| about.skus.first().filter(|_| about.skus.len() == 1));
            sku.map_or_else(|| "/products".to_owned(), |sku| format!("/products/{sku}"))
        }
        Place::Customer => format!("/customers/{}", about.customer),
        Place::Registration | Place::Account => format!("/settings/e-invoices/{}", about.gstin),
        Place::Warehouse => "/warehouses".to_owned(),
        Place::Document | Place::Authority => String::new(),
    }
}

/// The line that the authority's words name: `SlNo 2`, `Sl. No. 2` or `/ItemList/1/HsnCd`.
fn line_of(words: &str, lines: usize) -> Option<i32> {
    let number = |after: &str| {
        let digits: String = after
            .chars()
            .skip_while(|letter| !letter.is_ascii_digit())
            .take_while(char::is_ascii_digit)
            .collect();
        digits.parse::<i32>().ok()
    };
    let after = |mark: &str| words.find(mark).map(|at| &words[at + mark.len()..]);
    let found = after("ItemList/")
        .and_then(number)
        .map(|index| index + 1)
        .or_else(|| {
            ["SlNo", "Sl. No", "Sl.No", "Sl No", "serial number"]
                .into_iter()
                .find_map(after)
                .and_then(number)
        });
    found.filter(|line| (1..=i32::try_from(lines).unwrap_or(i32::MAX)).contains(line))
}

/// A sentence with the `{words}` of a refusal: ours, where the code is known, or else the authority's own.
pub fn in_words(sentence: Said, code: Option<&str>, words: &str) -> Said {
    match code.and_then(known) {
        Some(row) => sentence.naming("words", row.said),
        None => sentence.with("words", short(words)),
    }
}

/// Words of others, as long as a row takes them.
pub fn short(words: &str) -> String {
    words.chars().take(300).collect()
}
