//! Letters about documents that wait too long for the authority: one to each owner and each person of accounts, about all that is new.

use crate::accounting::model::{Document, EInvoice};
use crate::accounting::rules::einvoice::urgency;
use crate::accounting::views::{Alarm, AlarmHtml, AlarmLetter, AlarmText};
use crate::companies::model::{Company, Employee};
use crate::error::AppError;
use crate::kernel::ids::DocumentId;
use crate::kernel::language::Lang;
use crate::platform::db::Scope;
use crate::platform::mail::{self, Letter};
use crate::platform::permissions::Role;
use crate::web::page;

/// Writes the letters about alarms that were just raised, the most pressing first. `base` is the address of the installation.
pub(super) fn tell(
    scope: &mut Scope,
    raised: &[(EInvoice, i16)],
    base: &str,
) -> Result<(), AppError> {
    if raised.is_empty() {
        return Ok(());
    }
    let ids: Vec<DocumentId> = raised.iter().map(|(row, _)| row.id).collect();
    let documents = Document::by_ids(scope, &ids)?;
    let company = Company::own(scope)?;
    let mut alarms: Vec<Alarm> = documents
        .iter()
        .filter_map(|document| {
            let (row, alarm) = raised.iter().find(|(row, _)| row.id == document.id)?;
            Some(Alarm {
                document,
                row,
                alarm: *alarm,
            })
        })
        .collect();
    alarms.sort_by_key(|alarm| std::cmp::Reverse(urgency(alarm.alarm)));
    let link = format!("{base}/c/{}/e-invoices", company.slug);
    // The back office is in English.
    let lang = Lang::En;
    for (name, to) in Employee::in_roles(scope, &[Role::Owner, Role::Accounts])? {
        let words = AlarmLetter::new(lang, (name, &company.name), &alarms, &link);
        let letter = Letter {
            kind: "einvoices-waiting",
            to,
            subject: words.subject.clone(),
            text: page::print(&AlarmText { letter: &words }, lang)?,
            html: page::print(
                &AlarmHtml {
                    lang,
                    letter: &words,
                },
                lang,
            )?,
        };
        mail::write(scope, &letter)?;
    }
    Ok(())
}
