//! How one registration stands, and how it signs in at the authority.

use super::einvoices::environment;
use crate::accounting::actions::einvoices::{self, Desk};
use crate::accounting::actions::settings::Saved;
use crate::accounting::forms::settings::{AccountForm, StandingForm};
use crate::accounting::model::Account;
use crate::accounting::outside::{Away, Outside};
use crate::accounting::rules::errors;
use crate::accounting::views::settings::{AccountGround, AccountPage, Typed, version};
use crate::companies::actions::describe as stand;
use crate::companies::model::Registration;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::permissions::EditAccounting;
use crate::web::forms::Nothing;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

/// Company and GSTIN.
type Path = web::Path<(String, String)>;

fn ground(scope: &mut Scope, gstin: &str) -> Result<AccountGround, AppError> {
    let registration = Registration::by_gstin(scope, gstin)?;
    let account = Account::of_registration(scope, registration.id)?;
    let session = match &account {
        Some(account) => account.session(scope)?,
        None => None,
    };
    Ok(AccountGround {
        registration,
        account,
        session,
    })
}

async fn room(
    actor: &Allowed<EditAccounting>,
    gstin: String,
    mut typed: Typed,
) -> Result<AccountPage, AppError> {
    let ground = actor.read(move |scope| ground(scope, &gstin)).await?;
    // The next save is made on what is saved now, with both values in sight.
    if let Some((form, true)) = &mut typed.account {
        form.version = version(ground.account.as_ref().map(|row| row.updated_at));
    }
    if let Some((form, true)) = &mut typed.standing {
        form.version = version(Some(ground.registration.updated_at));
    }
    Ok(AccountPage::new(
        actor.shell(ground.registration.gstin.clone()),
        (actor.lang(), actor.pass.base()),
        environment(actor.state()),
        ground,
        typed,
    ))
}

pub async fn show(actor: Allowed<EditAccounting>, path: Path) -> Answer {
    let room = room(&actor, path.into_inner().1, Typed::default()).await?;
    page::show(&actor.ctx, &room)
}

fn desk(actor: &Allowed<EditAccounting>, outside: &Outside) -> Desk {
    Desk {
        key: actor.state().config.secret_key.clone(),
        at: outside.authority_at.clone(),
    }
}

fn address(actor: &Allowed<EditAccounting>, gstin: &str) -> String {
    format!("{}/settings/e-invoices/{gstin}", actor.pass.base())
}

pub async fn save(actor: Allowed<EditAccounting>, path: Path, form: Form<AccountForm>) -> Answer {
    let gstin = path.into_inner().1;
    let at = environment(actor.state()).ok_or(AppError::NotFound)?;
    let again = async |form: AccountForm, is_conflict: bool| {
        let typed = Typed {
            account: Some((form, is_conflict)),
            ..Typed::default()
        };
        page::again(&actor.ctx, &room(&actor, gstin.clone(), typed).await?)
    };
    let (change, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return again(*form, false).await,
    };
    let outside = actor.state().part::<Outside>()?.clone();
    let (desk, to) = (desk(&actor, &outside), address(&actor, &gstin));
    let who = actor.pass.person.name.clone();
    let (version, own) = (form.version.clone(), gstin.clone());
    let saved = actor
        .once_unless(move |scope| {
            let whose = (own.as_str(), who.as_str());
            match einvoices::save_account(scope, (&desk, at), whose, &change, &version)? {
                Saved::Done => {}
                other => return Ok(Err(other)),
            }
            let said = Said::new("The account of {gstin} is saved. Try it now.");
            Ok(Ok(Next::to(to).saying(said.with("gstin", own))))
        })
        .await?;
    match saved {
        Ok(next) => Ok(page::go(&actor.ctx, next)),
        Err(Saved::Wrong(said)) => {
            form.remarks.add("client_secret", said);
            again(form, false).await
        }
        Err(Saved::Meanwhile | Saved::Done) => again(form, true).await,
    }
}

pub async fn describe(
    actor: Allowed<EditAccounting>,
    path: Path,
    form: Form<StandingForm>,
) -> Answer {
    let gstin = path.into_inner().1;
    let again = async |form: StandingForm, is_conflict: bool| {
        let typed = Typed {
            standing: Some((form, is_conflict)),
            ..Typed::default()
        };
        page::again(&actor.ctx, &room(&actor, gstin.clone(), typed).await?)
    };
    let (standing, version, form) = match form.0.parse(&gstin) {
        Ok(parsed) => parsed,
        Err(form) => return again(*form, false).await,
    };
    let (to, own) = (address(&actor, &gstin), gstin.clone());
    let saved = actor
        .once_unless(move |scope| {
            // Before it is said that somebody else was faster: whether it is there at all.
            Registration::by_gstin(scope, &own)?;
            if !stand(scope, &own, &standing, version)? {
                return Ok(Err(()));
            }
            let said = Said::new("{gstin} is saved.").with("gstin", own);
            Ok(Ok(Next::to(to).saying(said)))
        })
        .await?;
    match saved {
        Ok(next) => Ok(page::go(&actor.ctx, next)),
        Err(()) => again(form, true).await,
    }
}

/// What the authority said to a login that did not come about.
fn refusal(away: &Away) -> Said {
    match away {
        Away::Refused(codes) => {
            let known = codes.iter().find(|(code, _)| errors::known(code).is_some());
            let (code, words) = known.or(codes.first()).cloned().unwrap_or_default();
            let sentence = Said::new("The authority did not let it in: {words}");
            errors::in_words(sentence, Some(&code), &words)
        }
        Away::NotSent(_) => Said::new(
            "The authority could not be reached, so nobody knows whether the account is right. Try it again later.",
        ),
        Away::Lost { .. } => Said::new(
            "The authority gave no answer that can be read, so nobody knows whether the account is right. Try it again later.",
        ),
    }
}

pub async fn try_it(actor: Allowed<EditAccounting>, path: Path, _form: Form<Nothing>) -> Answer {
    let gstin = path.into_inner().1;
    let outside = actor.state().part::<Outside>()?.clone();
    let (desk, asked) = (desk(&actor, &outside), gstin.clone());
    let before = desk.clone();
    let (account, seat) = actor
        .write(move |scope| einvoices::sign_in_now(scope, &before, &asked))
        .await?;
    let answer = actor
        .blocking(move |_, _| Ok(outside.authority.sign_in(&seat)))
        .await?;
    let session = match answer {
        Ok(session) => session,
        Err(away) => {
            tracing::warn!(%away, gstin, "can't sign in at the authority");
            let tried = refusal(&away);
            actor
                .write(move |scope| einvoices::not_let_in(scope, &account, &away))
                .await?;
            let typed = Typed {
                tried: Some(tried),
                ..Typed::default()
            };
            return page::again(&actor.ctx, &room(&actor, gstin, typed).await?);
        }
    };
    let (to, lang) = (address(&actor, &gstin), actor.lang());
    let next = actor
        .once(move |scope| {
            desk.keep(scope, account.id, &session)?;
            let until = dates::full_date_and_time(session.expires_at, lang);
            let said = Said::new("The authority let {gstin} in. The login holds until {until}.")
                .with("gstin", gstin)
                .with("until", until);
            Ok(Next::to(to).saying(said))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
