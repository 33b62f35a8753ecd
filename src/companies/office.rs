//! Handlers of a company's own rooms: dashboard, search, profile, people, invitations, roles.

use super::actions::{self};
use super::admin::{Nothing, links};
use super::audit;
use super::forms::{EmployeeForm, InviteForm, ProfileForm};
use super::model::{Company, Employee, Invitation, Registration};
use super::views::{
    About, DashboardPage, EmployeePage, EmployeesPage, InvitationRow, InvitationsPage, InvitePage,
    ProfilePage, RolesPage, SearchPage, SettingsPage, Step,
};
use crate::error::AppError;
use crate::kernel::ids::{EmployeeId, InvitationId};
use crate::kernel::language::Said;
use crate::platform::permissions::{
    EditCompany, ManagePeople, Permission, Probe, ReadCompany, ReadDashboard, ReadPeople, Role,
    role_has,
};
use crate::web::allowed::Employee as Pass;
use crate::web::components::Empty;
use crate::web::export::Sheet;
use crate::web::forms::new_key;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::{HttpResponse, web};

fn base(pass: &Pass) -> String {
    format!("/c/{}", pass.company.slug)
}

fn may<P: Permission>(pass: &Pass) -> bool {
    P::ROLES.contains(&pass.company.role)
}

pub async fn dashboard(actor: Allowed<ReadDashboard>) -> Answer {
    let (lang, base) = (actor.lang(), base(&actor.pass));
    let sees_audit = role_has(actor.pass.company.role, "audit.read");
    let (company, people, activity) = actor
        .read(move |scope| {
            let company = Company::own(scope)?;
            let people = Employee::count(scope)?;
            let activity = if sees_audit {
                audit::latest(scope, lang)?
            } else {
                Vec::new()
            };
            Ok((company, people, activity))
        })
        .await?;
    let step = |label: &'static str, path: &str, is_done| Step {
        label: lang.t(label).into_owned(),
        href: format!("{base}{path}"),
        is_done,
    };
    let steps = vec![
        step(
            "Fill in the company's address",
            "/settings/company",
            company.pincode.is_some() && company.address.is_some(),
        ),
        step(
            "Add an e-mail and phone for documents",
            "/settings/company",
            company.email.is_some() && company.phone.is_some(),
        ),
        step(
            "Invite a second person",
            "/settings/people/invite",
            people > 1,
        ),
    ];
    let is_ready = steps.iter().all(|step| step.is_done);
    page::show(
        &actor.ctx,
        &DashboardPage {
            shell: actor.shell(lang.t("Dashboard")),
            company,
            steps,
            is_ready,
            activity,
        },
    )
}

/// The settings that this role may open.
fn settings_links(actor_lang: crate::kernel::language::Lang, pass: &Pass) -> Vec<About> {
    let (lang, base) = (actor_lang, base(pass));
    let all = [
        (
            "/settings/company",
            "shop",
            "Company",
            "Names, address, contact, colour, GST registrations",
            "company.read",
        ),
        (
            "/settings/people",
            "people",
            "People",
            "Who works here and in what role",
            "people.read",
        ),
        (
            "/settings/invitations",
            "mail",
            "Invitations",
            "Sent, accepted, expired; send again or take back",
            "people.manage",
        ),
        (
            "/settings/roles",
            "shield",
            "Roles",
            "Who may do what",
            "people.read",
        ),
        (
            "/settings/audit",
            "list",
            "Audit log",
            "Who changed what, and when",
            "audit.read",
        ),
    ];
    all.into_iter()
        .filter(|(_, _, _, _, needs)| role_has(pass.company.role, needs))
        .map(|(path, icon, label, text, _)| About {
            href: format!("{base}{path}"),
            icon,
            label: lang.t(label).into_owned(),
            text: lang.t(text).into_owned(),
        })
        .collect()
}

pub async fn settings(actor: Allowed<ReadCompany>) -> Answer {
    page::show(
        &actor.ctx,
        &SettingsPage {
            shell: actor.shell(actor.lang().t("Settings")),
            links: settings_links(actor.lang(), &actor.pass),
        },
    )
}

pub async fn search(actor: Allowed<ReadDashboard>, query: ListQuery) -> Answer {
    let typed = query.search().unwrap_or_default().to_owned();
    let words = typed.to_lowercase();
    let mut links = settings_links(actor.lang(), &actor.pass);
    links.retain(|link| {
        words.is_empty()
            || link.label.to_lowercase().contains(&words)
            || link.text.to_lowercase().contains(&words)
    });
    if !words.is_empty() {
        let path = format!("{}/settings/people", base(&actor.pass));
        let asked = ListQuery::new(
            &path,
            &format!(
                "q={}",
                url::form_urlencoded::byte_serialize(words.as_bytes()).collect::<String>()
            ),
        );
        let (found, _) = actor
            .read(move |scope| Employee::list(scope, &asked))
            .await?;
        links.extend(found.rows.into_iter().take(8).map(|person| About {
            href: format!("{path}/{}", person.id),
            icon: "person",
            label: person.name,
            text: person.email,
        }));
    }
    let action = format!("{}/search", base(&actor.pass));
    page::show(
        &actor.ctx,
        &SearchPage {
            shell: actor.shell(actor.lang().t("Search")),
            query: typed,
            action,
            links,
        },
    )
}

pub async fn profile(actor: Allowed<ReadCompany>) -> Answer {
    let found = actor
        .read(|scope| Ok((Company::own(scope)?, Registration::all(scope)?)))
        .await?;
    let form = ProfilePage::of(&found.0);
    let view = ProfilePage::new(
        actor.shell(actor.lang().t("Company")),
        actor.lang(),
        found,
        &form,
        (may::<EditCompany>(&actor.pass), false),
    );
    page::show(&actor.ctx, &view)
}

async fn profile_again(
    actor: &Allowed<EditCompany>,
    mut form: ProfileForm,
    conflict: bool,
) -> Answer {
    let found = actor
        .read(|scope| Ok((Company::own(scope)?, Registration::all(scope)?)))
        .await?;
    if conflict {
        // The next save is made on what is saved now, with both values in sight.
        form.version = found.0.updated_at.to_rfc3339();
    }
    page::again(
        &actor.ctx,
        &ProfilePage::new(
            actor.shell(actor.lang().t("Company")),
            actor.lang(),
            found,
            &form,
            (true, conflict),
        ),
    )
}

pub async fn save_profile(actor: Allowed<EditCompany>, form: Form<ProfileForm>) -> Answer {
    let (profile, version, form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return profile_again(&actor, *form, false).await,
    };
    let to = format!("{}/settings/company", base(&actor.pass));
    let saved = actor
        .once(move |scope| {
            if actions::save_profile(scope, &profile, version)? {
                Ok(Next::to(to).saying(Said::new("The company's profile is saved.")))
            } else {
                Err(changed_meanwhile())
            }
        })
        .await;
    match saved {
        Err(AppError::Refused(said)) if said == changed_words() => {
            profile_again(&actor, form, true).await
        }
        saved => Ok(page::go(&actor.ctx, saved?)),
    }
}

fn changed_words() -> Said {
    Said::new("Somebody saved this meanwhile.")
}

fn changed_meanwhile() -> AppError {
    AppError::refused(changed_words())
}

pub async fn people(actor: Allowed<ReadPeople>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let found = actor
        .read(move |scope| Employee::list(scope, &asked))
        .await?;
    let view = EmployeesPage::new(
        actor.shell(actor.lang().t("People")),
        actor.lang(),
        (base(&actor.pass), may::<ManagePeople>(&actor.pass)),
        &query,
        found,
    );
    page::show(&actor.ctx, &view)
}

pub async fn export_people(actor: Allowed<ReadPeople>, query: ListQuery) -> Answer {
    let (asked, lang) = (query.clone(), actor.lang());
    let rows = actor
        .read(move |scope| Employee::export(scope, &asked))
        .await?;
    let heads = [
        "Name",
        "E-mail",
        "Mobile number",
        "Job title",
        "Role",
        "State",
    ];
    Sheet {
        name: "people",
        heads: heads.iter().map(|head| lang.t(head).into_owned()).collect(),
        rows: rows
            .into_iter()
            .map(|row| {
                let role = lang.t(row.role().label()).into_owned();
                let state = if row.is_active {
                    lang.t("Active")
                } else {
                    lang.t("Ended")
                }
                .into_owned();
                vec![
                    row.name,
                    row.email,
                    row.phone.unwrap_or_default(),
                    row.title.unwrap_or_default(),
                    role,
                    state,
                ]
            })
            .collect(),
    }
    .answer(query.get("format"))
}

/// Only an owner makes owners, or changes one.
fn may_give(actor: Role, role: Role) -> Result<(), Said> {
    if role == Role::Owner && actor != Role::Owner {
        Err(Said::new(
            "Only an owner can make somebody an owner, or change one.",
        ))
    } else {
        Ok(())
    }
}

fn invite_page(actor: &Allowed<ManagePeople>, form: &InviteForm) -> InvitePage {
    InvitePage::new(
        actor.shell(actor.lang().t("Invite somebody")),
        actor.lang(),
        base(&actor.pass),
        form,
    )
}

pub async fn new_invitation(actor: Allowed<ManagePeople>) -> Answer {
    page::show(
        &actor.ctx,
        &invite_page(
            &actor,
            &InviteForm {
                role: "viewer".to_owned(),
                ..InviteForm::default()
            },
        ),
    )
}

pub async fn invite(actor: Allowed<ManagePeople>, form: Form<InviteForm>) -> Answer {
    let (new, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &invite_page(&actor, &form)),
    };
    if let Err(said) = may_give(actor.pass.company.role, new.role) {
        form.remarks.add("role", said);
        return page::again(&actor.ctx, &invite_page(&actor, &form));
    }
    let (links, to) = (
        links(actor.state()),
        format!("{}/settings/invitations", base(&actor.pass)),
    );
    let invited = actor
        .once(move |scope| {
            actions::invite(scope, &new, &links)?;
            Ok(Next::to(to).saying(
                Said::new("The invitation is on its way to {email}.")
                    .with("email", new.email.as_str()),
            ))
        })
        .await;
    match invited {
        Err(error) if error.constraint() == Some("invitations_one_open") => {
            form.remarks.add(
                "email",
                Said::new(
                    "This address has an open invitation. Send it again, or take it back first.",
                ),
            );
            page::again(&actor.ctx, &invite_page(&actor, &form))
        }
        invited => Ok(page::go(&actor.ctx, invited?)),
    }
}

fn employee_id(path: &(String, String)) -> Result<EmployeeId, AppError> {
    path.1.parse().map_err(|_| AppError::NotFound)
}

pub async fn employee(actor: Allowed<ReadPeople>, path: web::Path<(String, String)>) -> Answer {
    let id = employee_id(&path)?;
    let employee = actor.read(move |scope| Employee::find(scope, id)).await?;
    let form = EmployeePage::of(&employee);
    let view = EmployeePage::new(
        actor.shell(employee.name.clone()),
        actor.lang(),
        (base(&actor.pass), may::<ManagePeople>(&actor.pass)),
        employee,
        (&form, false),
    );
    page::show(&actor.ctx, &view)
}

async fn employee_again(
    actor: &Allowed<ManagePeople>,
    id: EmployeeId,
    mut form: EmployeeForm,
    conflict: bool,
) -> Answer {
    let employee = actor.read(move |scope| Employee::find(scope, id)).await?;
    if conflict {
        form.version = employee.updated_at.to_rfc3339();
    }
    page::again(
        &actor.ctx,
        &EmployeePage::new(
            actor.shell(employee.name.clone()),
            actor.lang(),
            (base(&actor.pass), true),
            employee,
            (&form, conflict),
        ),
    )
}

pub async fn save_employee(
    actor: Allowed<ManagePeople>,
    path: web::Path<(String, String)>,
    form: Form<EmployeeForm>,
) -> Answer {
    let id = employee_id(&path)?;
    let (change, version, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return employee_again(&actor, id, *form, false).await,
    };
    let (to, own_role) = (
        format!("{}/settings/people", base(&actor.pass)),
        actor.pass.company.role,
    );
    let saved = actor
        .once(move |scope| {
            let before = Employee::find(scope, id)?;
            may_give(own_role, change.role)
                .and_then(|()| may_give(own_role, before.role()))
                .map_err(AppError::refused)?;
            if !actions::save_employee(scope, id, &change, version)? {
                return Err(changed_meanwhile());
            }
            Ok(Next::to(to).saying(Said::new("{name} is saved.").with("name", change.name)))
        })
        .await;
    match saved {
        Err(AppError::Refused(said)) if said == changed_words() => {
            employee_again(&actor, id, form, true).await
        }
        Err(AppError::Refused(said)) => {
            form.remarks.add("role", said);
            employee_again(&actor, id, form, false).await
        }
        Err(error) if error.constraint() == Some("employees_keep_an_owner") => {
            form.remarks.add(
                "role",
                Said::new("A company keeps at least one owner. Make somebody else an owner first."),
            );
            employee_again(&actor, id, form, false).await
        }
        saved => Ok(page::go(&actor.ctx, saved?)),
    }
}

pub async fn invitations(actor: Allowed<ManagePeople>) -> Answer {
    let (lang, company) = (actor.lang(), actor.pass.company.name.clone());
    let rows = actor
        .read(move |scope| {
            let now = scope.now();
            Ok(Invitation::all(scope)?
                .into_iter()
                .map(|row| InvitationRow::new(lang, now, row, company.clone()))
                .collect::<Vec<_>>())
        })
        .await?;
    let base = base(&actor.pass);
    let new = format!("{base}/settings/people/invite");
    let empty = Empty {
        icon: "mail",
        heading: lang.t("No invitations yet").into_owned(),
        text: lang
            .t("People join by a link that we send to their e-mail.")
            .into_owned(),
        action: Some((lang.t("Invite somebody").into_owned(), new.clone())),
    };
    let view = InvitationsPage {
        shell: actor.shell(lang.t("Invitations")),
        rows,
        empty,
        base: format!("{base}/settings/invitations"),
        new: Some(new),
        key: new_key(),
    };
    page::show(&actor.ctx, &view)
}

fn invitation_id(path: &(String, String)) -> Result<InvitationId, AppError> {
    path.1.parse().map_err(|_| AppError::NotFound)
}

pub async fn resend(
    actor: Allowed<ManagePeople>,
    path: web::Path<(String, String)>,
    _form: Form<Nothing>,
) -> Answer {
    let (id, links, to) = (
        invitation_id(&path)?,
        links(actor.state()),
        format!("{}/settings/invitations", base(&actor.pass)),
    );
    let next = actor
        .once(move |scope| {
            let invitation = actions::resend(scope, id, &links)?;
            Ok(Next::to(to).saying(
                Said::new("The invitation was sent to {email} again. The old link is void.")
                    .with("email", invitation.email),
            ))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn revoke(
    actor: Allowed<ManagePeople>,
    path: web::Path<(String, String)>,
    _form: Form<Nothing>,
) -> Answer {
    let (id, to) = (
        invitation_id(&path)?,
        format!("{}/settings/invitations", base(&actor.pass)),
    );
    let next = actor
        .once(move |scope| {
            let invitation = actions::revoke(scope, id)?;
            Ok(Next::to(to).saying(
                Said::new("The invitation of {email} is revoked.").with("email", invitation.email),
            ))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn roles(actor: Allowed<ReadPeople>) -> Answer {
    page::show(
        &actor.ctx,
        &RolesPage::new(actor.shell(actor.lang().t("Roles")), actor.lang()),
    )
}

/// A company's colour as a style sheet of one rule. The hue is in the address, so no row is read and the answer can be kept for a year.
pub async fn brand(_actor: Allowed<Probe>, query: ListQuery) -> Answer {
    let hue = query
        .get("v")
        .and_then(|hue| hue.parse::<u16>().ok())
        .filter(|hue| *hue < 360)
        .ok_or(AppError::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header(("Cache-Control", "public, max-age=31536000, immutable"))
        .body(format!(":root{{--hue:{hue}}}")))
}
