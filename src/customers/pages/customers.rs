//! A company's book of customers.

use super::base_url;
use crate::companies::model::SavedView;
use crate::companies::saved_views_of;
use crate::customers::actions;
use crate::customers::forms::{CustomerForm, Known, TermsForm};
use crate::customers::model::{Address, Customer, Group, Invitation, Person};
use crate::customers::views::{
    CustomerPage, CustomersPage, FormPage, Loaded, Rights, customers_sheet, edit_form, edit_page,
    new_page, terms_form, terms_page,
};
use crate::error::AppError;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::permissions::{
    EditCustomers, EditTerms, PlaceOrders, ReadCustomers, ReadLedger, ReadOrders,
};
use crate::web::bulk::{BulkForm, Outcome};
use crate::web::components::Confirm;
use crate::web::confirm::ConfirmPage;
use crate::web::forms::{Nothing, changed_meanwhile, changed_words, new_key};
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

/// Company and code of an address.
pub type Path = web::Path<(String, String)>;

pub async fn index(actor: Allowed<ReadCustomers>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let (found, views) = actor
        .read(move |scope| {
            let groups = Group::all(scope)?;
            let found = (Customer::list(scope, &asked, &groups)?, groups);
            Ok((found, SavedView::of_list(scope, "customers")?))
        })
        .await?;
    let view = CustomersPage::new(
        actor.shell(actor.lang().t("Customers")),
        actor.lang(),
        (actor.pass.base(), actor.pass.may::<EditCustomers>()),
        (&query, saved_views_of(&actor.pass, views)),
        found,
    );
    page::show(&actor.ctx, &view)
}

pub async fn export(actor: Allowed<ReadCustomers>, query: ListQuery) -> Answer {
    let asked = query.clone();
    let (rows, groups) = actor
        .read(move |scope| {
            let groups = Group::all(scope)?;
            Ok((Customer::export(scope, &asked, &groups)?, groups))
        })
        .await?;
    customers_sheet(actor.lang(), &groups, rows).answer(query.get("format"))
}

pub async fn bulk(actor: Allowed<EditCustomers>, form: Form<BulkForm>) -> Answer {
    if form.0.action != "invite" {
        return Err(AppError::NotFound);
    }
    let list = form.0.list(&format!("{}/customers", actor.pass.base()));
    let base = base_url(actor.state());
    let next = actor
        .once(move |scope| {
            let chosen = if form.0.is_all() {
                Customer::matching_codes(scope, &list)?
            } else {
                Customer::codes(scope, form.0.ids()?)?
            };
            let mut outcome = Outcome::default();
            for (id, code) in chosen {
                let invited = actions::invite_by_letter(scope, &code, &base);
                outcome.note(id.uuid(), invited)?;
            }
            Ok(outcome.next(&list, Said::new("{count} invited.")))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

fn known(scope: &mut Scope) -> Result<Known, AppError> {
    Ok(Known {
        groups: Group::all(scope)?,
        warehouses: Customer::warehouses(scope)?,
    })
}

async fn new_form(
    actor: &Allowed<EditCustomers>,
    form: &CustomerForm,
) -> Result<FormPage, AppError> {
    let (known, code) = actor
        .read(|scope| Ok((known(scope)?, Customer::next_code(scope)?)))
        .await?;
    Ok(new_page(
        actor.shell(actor.lang().t("Add a customer")),
        actor.lang(),
        (&actor.pass.base(), actor.pass.may::<EditTerms>()),
        &known,
        (form, &code),
    ))
}

pub async fn new(actor: Allowed<EditCustomers>) -> Answer {
    let mut form = CustomerForm {
        kind: "registered".to_owned(),
        ..CustomerForm::default()
    };
    form.address.label = actor.lang().t("Main shop").into_owned();
    let view = new_form(&actor, &form).await?;
    page::show(&actor.ctx, &view)
}

pub async fn create(actor: Allowed<EditCustomers>, form: Form<CustomerForm>) -> Answer {
    let offered = actor.read(known).await?;
    let may_set_terms = actor.pass.may::<EditTerms>();
    let (new, mut form) = match form.0.parse_new(&offered, may_set_terms) {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &new_form(&actor, &form).await?),
    };
    let base = actor.pass.base();
    let opened = actor
        .once(move |scope| {
            let (_, code) = actions::open(
                scope,
                new.code,
                &new.profile,
                new.terms,
                new.address.as_ref(),
            )?;
            let said = Said::new("{name} is in the book as {code}.")
                .with("name", new.profile.name)
                .with("code", code.as_str());
            Ok(Next::to(format!("{base}/customers/{code}")).saying(said))
        })
        .await;
    match opened {
        Err(error) if error.constraint() == Some("customers_tenant_id_code_key") => {
            form.remarks.add(
                "code",
                Said::new("Another customer has this code. Choose another."),
            );
            page::again(&actor.ctx, &new_form(&actor, &form).await?)
        }
        opened => Ok(page::go(&actor.ctx, opened?)),
    }
}

fn load(scope: &mut Scope, code: &str) -> Result<Loaded, AppError> {
    let (line, (group, warehouse)) = Customer::whole(scope, code)?;
    let id = line.customer.id;
    Ok(Loaded {
        addresses: Address::all(scope, id)?,
        people: Person::of_customer(scope, id)?,
        invitation: Invitation::newest(scope, id)?,
        now: scope.now(),
        line,
        group,
        warehouse,
    })
}

pub async fn show(actor: Allowed<ReadCustomers>, path: Path) -> Answer {
    let code = path.into_inner().1;
    let loaded = actor.read(move |scope| load(scope, &code)).await?;
    let rights = Rights {
        edit: actor.pass.may::<EditCustomers>(),
        terms: actor.pass.may::<EditTerms>(),
        orders: actor.pass.may::<ReadOrders>(),
        place: actor.pass.may::<PlaceOrders>(),
        ledger: actor.pass.may::<ReadLedger>(),
    };
    let shell = actor.shell(loaded.line.customer.name.clone());
    let view = CustomerPage::new(shell, actor.lang(), actor.pass.base(), loaded, rights);
    page::show(&actor.ctx, &view)
}

async fn edit_again(
    actor: &Allowed<EditCustomers>,
    code: String,
    mut form: CustomerForm,
    conflict: bool,
) -> Result<FormPage, AppError> {
    let (customer, known) = actor
        .read(move |scope| Ok((Customer::by_code(scope, &code)?, known(scope)?)))
        .await?;
    if conflict {
        form.version = customer.updated_at.to_rfc3339();
    }
    Ok(edit_page(
        actor.shell(edit_title(actor.lang(), &customer)),
        actor.lang(),
        &actor.pass.base(),
        (&customer, &known),
        (&form, conflict),
    ))
}

fn edit_title(lang: crate::kernel::language::Lang, customer: &Customer) -> String {
    lang.say(&Said::new("Edit {name}").with("name", customer.name.as_str()))
}

pub async fn edit(actor: Allowed<EditCustomers>, path: Path) -> Answer {
    let code = path.into_inner().1;
    let (customer, known) = actor
        .read(move |scope| Ok((Customer::by_code(scope, &code)?, known(scope)?)))
        .await?;
    let view = edit_page(
        actor.shell(edit_title(actor.lang(), &customer)),
        actor.lang(),
        &actor.pass.base(),
        (&customer, &known),
        (&edit_form(&customer), false),
    );
    page::show(&actor.ctx, &view)
}

pub async fn update(actor: Allowed<EditCustomers>, path: Path, form: Form<CustomerForm>) -> Answer {
    let code = path.into_inner().1;
    let asked = code.clone();
    let (id, offered) = actor
        .read(move |scope| Ok((Customer::by_code(scope, &asked)?.id, known(scope)?)))
        .await?;
    let (profile, version, mut form) = match form.0.parse_change(&offered) {
        Ok(parsed) => parsed,
        Err(form) => {
            let view = edit_again(&actor, code, *form, false).await?;
            return page::again(&actor.ctx, &view);
        }
    };
    let to = format!("{}/customers/{code}", actor.pass.base());
    let saved = actor
        .once(move |scope| {
            if !actions::save_profile(scope, id, &profile, version)? {
                return Err(changed_meanwhile());
            }
            Ok(Next::to(to).saying(Said::new("{name} is saved.").with("name", profile.name)))
        })
        .await;
    match saved {
        Err(AppError::Refused(said)) => {
            let conflict = said == changed_words();
            if !conflict {
                form.remarks.add("gstin", said);
            }
            let view = edit_again(&actor, code, form, conflict).await?;
            page::again(&actor.ctx, &view)
        }
        saved => Ok(page::go(&actor.ctx, saved?)),
    }
}

fn terms_view(
    actor: &Allowed<EditTerms>,
    customer: &Customer,
    form: &TermsForm,
    conflict: bool,
) -> FormPage {
    let title = Said::new("Terms of {name}").with("name", customer.name.as_str());
    terms_page(
        actor.shell(actor.lang().say(&title)),
        actor.lang(),
        &actor.pass.base(),
        customer,
        (form, conflict),
    )
}

pub async fn terms(actor: Allowed<EditTerms>, path: Path) -> Answer {
    let code = path.into_inner().1;
    let customer = actor
        .read(move |scope| Customer::by_code(scope, &code))
        .await?;
    let form = terms_form(&customer);
    page::show(&actor.ctx, &terms_view(&actor, &customer, &form, false))
}

pub async fn save_terms(actor: Allowed<EditTerms>, path: Path, form: Form<TermsForm>) -> Answer {
    let code = path.into_inner().1;
    let (asked, found) = (code.clone(), code);
    let customer = actor
        .read(move |scope| Customer::by_code(scope, &asked))
        .await?;
    let (terms, version, mut form) = match form.0.parse() {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &terms_view(&actor, &customer, &form, false)),
    };
    let (id, to) = (
        customer.id,
        format!("{}/customers/{}", actor.pass.base(), customer.code),
    );
    let saved = actor
        .once(move |scope| {
            if !actions::save_terms(scope, id, terms, version)? {
                return Err(changed_meanwhile());
            }
            Ok(Next::to(to).saying(Said::new("The terms are saved.")))
        })
        .await;
    match saved {
        Err(AppError::Refused(said)) if said == changed_words() => {
            let customer = actor
                .read(move |scope| Customer::by_code(scope, &found))
                .await?;
            form.version = customer.updated_at.to_rfc3339();
            page::again(&actor.ctx, &terms_view(&actor, &customer, &form, true))
        }
        saved => Ok(page::go(&actor.ctx, saved?)),
    }
}

pub async fn ask_pause(actor: Allowed<EditCustomers>, path: Path) -> Answer {
    let code = path.into_inner().1;
    let customer = actor
        .read(move |scope| Customer::by_code(scope, &code))
        .await?;
    let (lang, here) = (
        actor.lang(),
        format!("{}/customers/{}", actor.pass.base(), customer.code),
    );
    let confirm = Confirm {
        question: lang.say(&Said::new("Pause {name}?").with("name", customer.name)),
        effect: lang
            .t("It sees its orders in the portal, but can't place new ones until you resume it.")
            .into_owned(),
        action: format!("{here}/pause"),
        verb: lang.t("Pause customer").into_owned(),
        back: here,
        keep: lang.t("Keep active").into_owned(),
        key: new_key(),
        fields: Vec::new(),
    };
    let shell = actor.shell(confirm.question.clone());
    page::show(&actor.ctx, &ConfirmPage { shell, confirm })
}

pub async fn pause(actor: Allowed<EditCustomers>, path: Path, _form: Form<Nothing>) -> Answer {
    let (code, base) = (path.into_inner().1, actor.pass.base());
    let next = actor
        .once(move |scope| {
            let customer = actions::pause(scope, &code)?;
            Ok(Next::to(format!("{base}/customers/{code}"))
                .saying(Said::new("{name} is paused.").with("name", customer.name)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn resume(actor: Allowed<EditCustomers>, path: Path, _form: Form<Nothing>) -> Answer {
    let (code, base) = (path.into_inner().1, actor.pass.base());
    let next = actor
        .once(move |scope| {
            let customer = actions::resume(scope, &code)?;
            Ok(Next::to(format!("{base}/customers/{code}"))
                .saying(Said::new("{name} may order again.").with("name", customer.name)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
