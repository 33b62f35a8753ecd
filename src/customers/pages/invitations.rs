//! Invitations of customers into the portal.

use super::base_url;
use super::customers::Path;
use crate::customers::actions;
use crate::customers::forms::InviteForm;
use crate::customers::model::{Customer, Invitation};
use crate::customers::views::{FormPage, invite_page};
use crate::error::AppError;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::permissions::EditCustomers;
use crate::web::forms::Nothing;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};

fn view(actor: &Allowed<EditCustomers>, customer: &Customer, form: &InviteForm) -> FormPage {
    let title = Said::new("Invite {name}").with("name", customer.name.as_str());
    invite_page(
        actor.shell(actor.lang().say(&title)),
        actor.lang(),
        &actor.pass.base(),
        customer,
        form,
    )
}

pub async fn new(actor: Allowed<EditCustomers>, path: Path) -> Answer {
    let code = path.into_inner().1;
    let customer = actor
        .read(move |scope| Customer::by_code(scope, &code))
        .await?;
    let form = InviteForm {
        email: customer.email.clone().unwrap_or_default(),
        language: customer.language.clone(),
        ..InviteForm::default()
    };
    page::show(&actor.ctx, &view(&actor, &customer, &form))
}

pub async fn create(actor: Allowed<EditCustomers>, path: Path, form: Form<InviteForm>) -> Answer {
    let code = path.into_inner().1;
    let customer = actor
        .read(move |scope| Customer::by_code(scope, &code))
        .await?;
    let (new, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &view(&actor, &customer, &form)),
    };
    let (code, base, link_base) = (
        customer.code.clone(),
        actor.pass.base(),
        base_url(actor.state()),
    );
    let invited = actor
        .once(move |scope| {
            actions::invite(scope, &code, &new, &link_base)?;
            let said = Said::new("The invitation is on its way to {email}.")
                .with("email", new.email.as_str());
            Ok(Next::to(format!("{base}/customers/{code}")).saying(said))
        })
        .await;
    let said = match invited {
        Err(error) if error.constraint() == Some("retailer_invitations_one_open") => {
            Said::new("This customer has an open invitation. Send it again, or take it back first.")
        }
        Err(AppError::Refused(said)) => said,
        invited => return Ok(page::go(&actor.ctx, invited?)),
    };
    form.remarks.add("email", said);
    page::again(&actor.ctx, &view(&actor, &customer, &form))
}

async fn step(
    actor: Allowed<EditCustomers>,
    path: Path,
    take: impl FnOnce(&mut Scope, &str) -> Result<Invitation, AppError> + Send + 'static,
    said: Said,
) -> Answer {
    let (code, base) = (path.into_inner().1, actor.pass.base());
    let next = actor
        .once(move |scope| {
            let invitation = take(scope, &code)?;
            Ok(Next::to(format!("{base}/customers/{code}"))
                .saying(said.with("email", invitation.email)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn resend(actor: Allowed<EditCustomers>, path: Path, _form: Form<Nothing>) -> Answer {
    let base = base_url(actor.state());
    let said = Said::new("The invitation was sent to {email} again. The old link is void.");
    let take = move |scope: &mut Scope, code: &str| actions::resend(scope, code, &base);
    step(actor, path, take, said).await
}

pub async fn revoke(actor: Allowed<EditCustomers>, path: Path, _form: Form<Nothing>) -> Answer {
    let said = Said::new("The invitation of {email} is revoked.");
    step(actor, path, actions::revoke, said).await
}
