//! A shipment ends otherwise than by being delivered: asked with a reason, then done.

use super::{may_step, who};
use crate::error::AppError;
use crate::kernel::language::{Lang, Said};
use crate::logistics::model::Shipment;
use crate::logistics::rules::Status;
use crate::platform::db::Scope;
use crate::platform::permissions::{Company, Permission};
use crate::web::Allowed;
use crate::web::components::{Confirm, Field};
use crate::web::confirm::{ConfirmPage, ReasonForm};
use crate::web::forms::new_key;
use crate::web::page::{self, Answer, Next};

/// What is asked.
pub struct Words {
    pub question: Said,
    pub effect: Said,
    /// What the button says.
    pub verb: &'static str,
    /// What the way back says.
    pub keep: &'static str,
}

/// One such end.
pub struct Ending {
    /// The last part of its address.
    pub rest: &'static str,
    pub becomes: Status,
    pub words: fn(&Shipment) -> Words,
    /// What is said of its number when it is done, marked as a text.
    pub done: &'static str,
    pub end: fn(&mut Scope, &str, &str, &str) -> Result<(), AppError>,
}

impl Ending {
    fn dialog(&self, lang: Lang, base: &str, shipment: &Shipment, form: &ReasonForm) -> Confirm {
        let back = format!("{base}/shipments/{}", shipment.number);
        let words = (self.words)(shipment);
        Confirm {
            question: lang.say(&words.question),
            effect: lang.say(&words.effect),
            action: format!("{back}/{}", self.rest),
            verb: lang.t(words.verb).into_owned(),
            back,
            keep: lang.t(words.keep).into_owned(),
            key: new_key(),
            fields: vec![
                Field::text("reason", lang.t("Reason"))
                    .value(&form.reason)
                    .remarks(&form.remarks, lang),
            ],
        }
    }

    /// The question, while the shipment may end so.
    pub async fn ask<P: Permission<Door = Company>>(
        &self,
        actor: Allowed<P>,
        number: String,
    ) -> Answer {
        let shipment = actor
            .read(move |scope| Shipment::find(scope, &number))
            .await?;
        may_step(&shipment, self.becomes)?;
        let form = ReasonForm::default();
        let confirm = self.dialog(actor.lang(), &actor.pass.base(), &shipment, &form);
        let shell = actor.shell(confirm.question.clone());
        page::show(&actor.ctx, &ConfirmPage { shell, confirm })
    }

    /// Ends it, or asks again when no reason was given.
    pub async fn end<P: Permission<Door = Company>>(
        &self,
        actor: Allowed<P>,
        number: String,
        form: ReasonForm,
    ) -> Answer {
        let (base, name) = (actor.pass.base(), who(&actor.pass));
        let reason = match form.parse() {
            Ok(reason) => reason,
            Err(form) => {
                let shipment = actor
                    .read(move |scope| Shipment::find(scope, &number))
                    .await?;
                let confirm = self.dialog(actor.lang(), &base, &shipment, &form);
                let shell = actor.shell(confirm.question.clone()).with_errors(true);
                return page::again(&actor.ctx, &ConfirmPage { shell, confirm });
            }
        };
        let (end, done) = (self.end, Said::new(self.done));
        let next = actor
            .once(move |scope| {
                end(scope, &name, &number, &reason)?;
                Ok(Next::to(format!("{base}/shipments/{number}"))
                    .saying(done.with("number", number)))
            })
            .await?;
        Ok(page::go(&actor.ctx, next))
    }
}
