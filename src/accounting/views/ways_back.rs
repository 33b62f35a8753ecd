//! How a registered document is taken back: at the authority while its time lasts, by a credit note after that.

use crate::accounting::actions::CancelCode;
use crate::accounting::forms::CancelForm;
use crate::accounting::model::{Document, EInvoice};
use crate::accounting::rules::cancelling;
use crate::accounting::rules::document::{Family, Status};
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::web::components::{Choice, Confirm, Field};
use crate::web::forms::new_key;
use chrono::{DateTime, Utc};

/// What stands on the page of a registered document.
#[derive(Default)]
pub struct WaysBack {
    /// Until when it may be cancelled at the authority.
    pub until: Option<String>,
    /// How much time that leaves.
    pub left: Option<String>,
    /// Where a credit note on it is written, once that time is over.
    pub credit: Option<String>,
}

impl WaysBack {
    /// The ways that are open now, for somebody who may correct documents.
    pub fn of(
        (lang, base): (Lang, &str),
        (document, row): (&Document, &EInvoice),
        may_be_cancelled: bool,
        now: DateTime<Utc>,
    ) -> Self {
        let until = row.ack_at.map(cancelling::until);
        let open = until.filter(|_| may_be_cancelled);
        let is_bill = document.kind.family() == Family::Bills && document.status == Status::Issued;
        let is_too_late = cancelling::is_too_late(row.status, row.ack_at, now);
        Self {
            until: open.map(|until| dates::full_date_and_time(until, lang)),
            left: open.map(|until| {
                let left = Said::new("{time} left");
                lang.say(&left.with("time", dates::span(until - now)))
            }),
            credit: (is_bill && is_too_late && row.cancel_asked_at.is_none()).then(|| {
                let (url_no, year) = (&document.url_no, &document.year);
                format!("{base}/credit-notes/new?invoice={url_no}&year={year}")
            }),
        }
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
