//! How a registered document is taken back: at the authority while its time lasts, by a credit note after that.

use crate::accounting::actions::CancelCode;
use crate::accounting::forms::CancelForm;
use crate::accounting::model::{Around, Document, EInvoice, Other};
use crate::accounting::rules::cancel::may_cancel;
use crate::accounting::rules::cancelling;
use crate::accounting::rules::document::{Family, Status};
use crate::accounting::rules::einvoice;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::web::components::{Choice, Confirm, Field};
use crate::web::forms::new_key;
use chrono::{DateTime, Utc};

/// What stands on the page of a registered document.
#[derive(Default)]
pub struct WaysBack {
    /// Until when it may be cancelled at the authority, an e-way bill that stands being cancelled first.
    pub until: Option<String>,
    /// How much time that leaves.
    pub left: Option<String>,
    /// Why it can't be, as it stands now.
    pub why_not: Option<String>,
    /// Where a credit note on it is written, once that time is over.
    pub credit: Option<String>,
}

impl WaysBack {
    /// The ways that are open now, for somebody who may correct documents.
    pub fn of(
        (lang, base): (Lang, &str),
        (document, row): (&Document, &EInvoice),
        facts: Option<&cancelling::Facts>,
        now: DateTime<Utc>,
    ) -> Self {
        let asked = facts.map(|facts| cancelling::may_ask(facts, now));
        let until = facts.and_then(|facts| cancelling::open_until(facts, now));
        let open = until.filter(|_| asked.as_ref().is_some_and(Result::is_ok));
        let is_bill = document.kind.family() == Family::Bills && document.status == Status::Issued;
        let is_too_late = cancelling::is_too_late(row.status, row.ack_at, now);
        let credit = (is_bill && is_too_late && row.cancel_asked_at.is_none()).then(|| {
            let (url_no, year) = (&document.url_no, &document.year);
            format!("{base}/credit-notes/new?invoice={url_no}&year={year}")
        });
        // What leads on says why by itself: the credit note, and the wish that waits for its answer.
        let is_said = credit.is_some() || row.cancel_asked_at.is_some();
        let refused = asked.and_then(Result::err).filter(|_| !is_said);
        Self {
            until: until.map(|until| dates::full_date_and_time(until, lang)),
            left: open.map(|until| {
                let left = Said::new("{time} left");
                lang.say(&left.with("time", dates::span(until - now)))
            }),
            why_not: refused.map(|said| lang.say(&said)),
            credit,
        }
    }
}

/// Whether a document is cancelled on its own page; else why not, and where it is while the authority lets it.
///
/// # Errors
/// Why not, in words.
pub fn may_cancel_here(
    (document, einvoice): (&Document, Option<&EInvoice>),
    (around, notes): (&Around, &[Other]),
    now: DateTime<Utc>,
) -> Result<(), Said> {
    let own = may_cancel(&around.facts(document, notes));
    match einvoice {
        Some(row) if row.status == einvoice::Status::Registered => {
            cancelling::may_ask(&around.cancel_facts((document, row), notes), now)?;
            own
        }
        _ => own,
    }
}

/// The question before a document is cancelled at the authority.
pub fn cancel_question(
    lang: Lang,
    base: &str,
    (document, until): (&Document, DateTime<Utc>),
    form: &CancelForm,
) -> Confirm {
    let number = &document.number;
    let path = format!("{base}/e-invoices/{}", document.url_no);
    let year = &document.year;
    let reasons = CancelCode::ALL
        .map(|code| Choice::new(&(code as i16).to_string(), lang.t(code.label()), &form.code));
    Confirm {
        question: lang.say(&Said::new("Cancel {number} at the authority?").with("number", number)),
        effect: lang.say(
            &Said::new("The authority cancels it until {at}. Then it is cancelled here, too, its goods can be billed again, and its number is never used again. This can't be undone.")
                .with("at", dates::full_date_and_time(until, lang)),
        ),
        action: format!("{path}/cancel?year={year}"),
        verb: lang.t("Cancel at the authority").into_owned(),
        back: format!("{path}?year={year}"),
        keep: lang.t("Keep it").into_owned(),
        key: new_key(),
        fields: vec![
            Field::new("select", "code", lang.t("Reason"))
                .choices(reasons.into())
                .remarks(&form.remarks, lang),
            Field::text("reason", lang.t("Reason in your words"))
                .value(&form.reason)
                .hint(lang.t("The authority keeps it, and the customer reads it: at most 100 letters."))
                .autocomplete("off")
                .remarks(&form.remarks, lang),
        ],
    }
}
