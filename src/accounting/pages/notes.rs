//! Credit and debit notes on a bill: what they say, worked out before they are issued.

use crate::accounting::actions::{Correcting, NoteDraft, Noting, correct};
use crate::accounting::forms::{NoteForm, Side};
use crate::accounting::model::Document;
use crate::accounting::views::papers::folder;
use crate::accounting::views::{NoteGround, NotePage};
use crate::error::AppError;
use crate::kernel::language::Said;
use crate::platform::permissions::CorrectInvoices;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};

/// The form with its sums, as far as they can be worked out. What is wrong stands beside its field.
async fn form_page(
    actor: &Allowed<CorrectInvoices>,
    side: Side,
    form: &mut NoteForm,
) -> Result<NotePage, AppError> {
    let no = form.original()?;
    // What is wrong with the fields was noted before, or is noted now.
    let noting = if form.is_sound() {
        form.noting(side)?
    } else {
        form.clone().noting(side)?
    };
    let asked = noting.clone().unwrap_or(match side {
        Side::Credit => Noting::Credit(Correcting::Whole),
        Side::Debit => Noting::Debit(Vec::new()),
    });
    let draft = actor
        .read(move |scope| {
            let original = Document::find(scope, &no)?;
            NoteDraft::of(scope, original, &asked)
        })
        .await?;
    if side == Side::Credit && draft.is_used_up() {
        let said = Said::new("Notes have given back all of {number} already.");
        return Err(AppError::refused(
            said.with("number", &draft.original.number),
        ));
    }
    let worked = match noting {
        Some(noting) => match draft.work_out(&noting)? {
            Ok(worked) => Some(worked),
            Err(wrong) => {
                if form.is_sound() {
                    form.note(wrong);
                }
                None
            }
        },
        None => None,
    };
    let title = match side {
        Side::Credit => Said::new("Credit note on {number}"),
        Side::Debit => Said::new("Debit note on {number}"),
    };
    let title = title.with("number", &draft.original.number);
    Ok(NotePage::new(
        actor
            .shell(actor.lang().say(&title))
            .with_errors(!form.is_sound()),
        actor.lang(),
        actor.pass.base(),
        &NoteGround {
            side,
            draft,
            worked,
        },
        form,
    ))
}

async fn ask(actor: Allowed<CorrectInvoices>, side: Side, query: ListQuery) -> Answer {
    if query.get("invoice").is_none() {
        let said = Said::new("Open the invoice that you want to correct.");
        let list = format!("{}/invoices", actor.pass.base());
        return Ok(page::go(&actor.ctx, Next::to(list).saying(said)));
    }
    let mut form = NoteForm::about(&query);
    let view = form_page(&actor, side, &mut form).await?;
    page::show(&actor.ctx, &view)
}

async fn write(actor: Allowed<CorrectInvoices>, side: Side, form: Vec<(String, String)>) -> Answer {
    let mut form = NoteForm::read(form);
    if form.is_preview() {
        let view = form_page(&actor, side, &mut form).await?;
        return if form.is_sound() {
            page::show(&actor.ctx, &view)
        } else {
            page::again(&actor.ctx, &view)
        };
    }
    let no = form.original()?;
    let Some(wish) = form.parse(side)? else {
        return page::again(&actor.ctx, &form_page(&actor, side, &mut form).await?);
    };
    let (who, base) = (actor.pass.person.name.clone(), actor.pass.base());
    let done = actor
        .once_unless(move |scope| {
            Ok(correct(scope, &who, &no, &wish)?.map(|issued| {
                let said = Said::new("{kind} {number} is issued.")
                    .naming("kind", issued.kind.label())
                    .with("number", issued.number);
                let room = folder(issued.kind.family());
                Next::to(format!("{base}/{room}/{}", issued.url_no)).saying(said)
            }))
        })
        .await?;
    match done {
        Ok(next) => Ok(page::go(&actor.ctx, next)),
        Err(wrong) => {
            form.note(wrong);
            page::again(&actor.ctx, &form_page(&actor, side, &mut form).await?)
        }
    }
}

pub async fn ask_credit(actor: Allowed<CorrectInvoices>, query: ListQuery) -> Answer {
    ask(actor, Side::Credit, query).await
}

pub async fn credit(actor: Allowed<CorrectInvoices>, form: Form<Vec<(String, String)>>) -> Answer {
    write(actor, Side::Credit, form.0).await
}

pub async fn ask_debit(actor: Allowed<CorrectInvoices>, query: ListQuery) -> Answer {
    ask(actor, Side::Debit, query).await
}

pub async fn debit(actor: Allowed<CorrectInvoices>, form: Form<Vec<(String, String)>>) -> Answer {
    write(actor, Side::Debit, form.0).await
}
