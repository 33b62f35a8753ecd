//! The invitation's door: whoever has the link and the address may bring a shop in, once.

use crate::customers::actions::{self, Joining};
use crate::customers::forms::JoinForm;
use crate::customers::model::{Invitation, Invited};
use crate::customers::views::{Guest, JoinPage};
use crate::error::AppError;
use crate::kernel::language::{Lang, Said};
use crate::platform::accounts::tokens;
use crate::platform::permissions::{ShopRole, SignIn};
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form, session};
use actix_web::{HttpRequest, web};

/// The invitation of a token, while it is open.
async fn find(actor: &Allowed<SignIn>, token: &str) -> Result<Invited, AppError> {
    let hash = tokens::hash(token);
    let invited = actor
        .platform_read(move |tx| {
            let invited = Invitation::peek_across(tx, &hash)?;
            actions::check_open(&invited.invitation, tx.now())?;
            Ok(invited)
        })
        .await?;
    if let Some(lang) = Lang::from_code(&invited.invitation.language) {
        actor.ctx.came_by_letter(lang);
    }
    Ok(invited)
}

/// How whoever is here stands to the invitation's address.
fn guest(actor: &Allowed<SignIn>, invited: &Invited) -> Result<Guest, AppError> {
    let Some(person) = actor.ctx.person() else {
        return Ok(if invited.has_account {
            Guest::Known
        } else {
            Guest::New
        });
    };
    if person.email != invited.invitation.email {
        let said = Said::new(
            "This invitation is for {email}, and you are signed in as {other}. Sign out first, then open the link again.",
        );
        return Err(AppError::refused(
            said.with("email", &invited.invitation.email)
                .with("other", &person.email),
        ));
    }
    let (mut free, mut connected) = (Vec::new(), Vec::new());
    for door in &person.retailers {
        if door.supplier(&invited.slug).is_some() {
            connected.push(door.name.clone());
        } else if door.role == ShopRole::Owner {
            free.push((door.slug.clone(), door.name.clone()));
        }
    }
    Ok(Guest::Here(free, connected))
}

fn view(
    actor: &Allowed<SignIn>,
    (invited, token): (&Invited, &str),
    (guest, form): (&Guest, &JoinForm),
) -> JoinPage {
    let title = Said::new("Order from {company} online").with("company", invited.company.as_str());
    JoinPage::new(
        actor.shell(actor.lang().say(&title)),
        actor.lang(),
        (invited, token),
        (guest, form),
    )
}

pub async fn show(actor: Allowed<SignIn>, token: web::Path<String>) -> Answer {
    let invited = find(&actor, &token).await?;
    let guest = guest(&actor, &invited)?;
    let first = match &guest {
        Guest::Here(free, _) => free.first().map(|(slug, _)| slug.clone()),
        _ => None,
    };
    let form = JoinForm {
        name: invited.invitation.name.clone(),
        // A shop of theirs is offered first, so the name is only for another one.
        shop: if first.is_some() {
            String::new()
        } else {
            invited.customer.clone()
        },
        retailer: first.unwrap_or_default(),
        ..JoinForm::default()
    };
    page::show(
        &actor.ctx,
        &view(&actor, (&invited, &token), (&guest, &form)),
    )
}

pub async fn accept(
    actor: Allowed<SignIn>,
    token: web::Path<String>,
    request: HttpRequest,
    form: Form<JoinForm>,
) -> Answer {
    let invited = find(&actor, &token).await?;
    let guest = guest(&actor, &invited)?;
    if guest == Guest::Known {
        let to = format!("/sign-in?next=%2Fjoin%2F{token}");
        return Ok(page::go(&actor.ctx, Next::to(to)));
    }
    let joining = match prove(&actor, &invited, &guest, form.0).await? {
        Ok(joining) => joining,
        Err(form) => {
            let view = view(&actor, (&invited, &token), (&guest, &form));
            return page::again(&actor.ctx, &view);
        }
    };
    let (token, found) = (token.into_inner(), invited.clone());
    let accepted = actor
        .platform_write(move |tx| actions::accept(tx, &token, &found, &joining))
        .await;
    let (user, slug) = match accepted {
        // Somebody opened an account with this address since: it has to prove itself.
        Err(error) if error.constraint() == Some("users_email_key") => {
            return Err(AppError::Gone(Said::new(
                "This invitation was accepted already. Sign in with your e-mail and password.",
            )));
        }
        Err(error) if error.constraint() == Some("connections_tenant_id_customer_id_key") => {
            return Err(AppError::refused(
                Said::new(
                    "Another shop has this place at {company} already. Ask {company} what to do.",
                )
                .with("company", invited.company),
            ));
        }
        accepted => accepted?,
    };
    if guest == Guest::New {
        session::sign_in(&request, user)?;
    }
    let said =
        Said::new("Welcome. Your shop is connected to {company}.").with("company", invited.company);
    let to = format!("/r/{slug}/{}/", invited.slug);
    Ok(page::go(&actor.ctx, Next::to(to).saying(said)))
}

/// Who accepts, and for which shop; or the form again, with remarks.
async fn prove(
    actor: &Allowed<SignIn>,
    invited: &Invited,
    guest: &Guest,
    mut form: JoinForm,
) -> Result<Result<Joining, Box<JoinForm>>, AppError> {
    let Some(person) = actor.ctx.person() else {
        return match form.parse_new(&invited.invitation.email) {
            Ok(((name, shop, password), _)) => {
                let password_hash = actor.blocking(move |_, _| password.hash()).await?;
                Ok(Ok(Joining::New {
                    name,
                    shop,
                    password_hash,
                    language: actor.lang(),
                }))
            }
            Err(form) => Ok(Err(form)),
        };
    };
    let Guest::Here(free, _) = guest else {
        return Err(AppError::NotFound);
    };
    if free.is_empty() || form.retailer == "new" {
        let user = person.id;
        return Ok(form
            .parse_shop()
            .map(|(shop, _)| Joining::Open { user, shop }));
    }
    let offered = free.iter().any(|(slug, _)| *slug == form.retailer);
    let chosen = person
        .retailers
        .iter()
        .find(|door| offered && door.slug == form.retailer);
    let Some(door) = chosen else {
        form.remarks.add(
            "retailer",
            Said::new("Choose which of your shops buys there, or another one."),
        );
        return Ok(Err(Box::new(form)));
    };
    Ok(Ok(Joining::Own {
        user: person.id,
        retailer: door.retailer,
        slug: door.slug.clone(),
    }))
}
