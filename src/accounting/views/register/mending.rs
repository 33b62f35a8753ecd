//! What has to be put right before a month is filed, in words and with the way there.

use crate::accounting::model::Mismatch;
use crate::accounting::rules::einvoice::Status;
use crate::accounting::views::papers::folder;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};

/// A document to look at before filing.
pub struct MismatchRow {
    pub number: String,
    pub about: String,
    pub href: String,
    pub customer: String,
    pub faults: Vec<(String, Option<String>)>,
}

/// What is wrong with how a document stands at the authority.
fn at_the_authority(status: Status) -> &'static str {
    match status {
        Status::Cancelled => text!("Cancelled at the authority, and not in the books."),
        Status::Registered | Status::NotRequired => text!("As it should be."),
        Status::FailedFix | Status::ExpiredWindow => {
            text!("Refused as an e-invoice: put it right and send it again.")
        }
        Status::Pending | Status::InFlight | Status::Unknown | Status::FailedWait => {
            text!("Not registered as an e-invoice yet.")
        }
    }
}

pub fn mismatch_row(lang: Lang, base: &str, found: &Mismatch) -> MismatchRow {
    let named = |room: &str| format!("{base}/{room}/{}?year={}", found.url_no, found.year);
    let mut faults = Vec::new();
    if let Some(status) = found.authority {
        let words = lang.t(at_the_authority(status)).into_owned();
        faults.push((words, Some(named("e-invoices"))));
    }
    if let Some(codes) = &found.short_codes {
        let said = Said::new("Fewer digits of HSN than are asked for: {codes}.");
        faults.push((lang.say(&said.with("codes", codes.clone())), None));
    }
    if let Some(units) = &found.units {
        let said = Said::new("A unit that GST does not know: {units}.");
        faults.push((lang.say(&said.with("units", units.clone())), None));
    }
    let day = dates::date(found.document_date, lang);
    MismatchRow {
        number: found.number.clone(),
        about: format!("{} · {day}", lang.t(found.kind.label())),
        href: named(folder(found.kind.family())),
        customer: found.customer.clone(),
        faults,
    }
}

/// How many documents have to be looked at, in words.
pub fn told(lang: Lang, found: &[Mismatch]) -> String {
    let said = match found.first() {
        None => Said::new("Nothing has to be put right before this month is filed."),
        Some(first) => Said::new("{count} documents have something to be put right before this month is filed. The file has them as they are.")
            .with("count", first.count),
    };
    lang.say(&said)
}
