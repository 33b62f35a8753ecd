//! Addresses of a customer.

use crate::customers::actions;
use crate::customers::forms::AddressForm;
use crate::customers::model::{Address, Customer};
use crate::customers::views::{FormPage, address_form, address_page};
use crate::error::AppError;
use crate::kernel::gstin::Gstin;
use crate::kernel::ids::AddressId;
use crate::kernel::language::Said;
use crate::platform::db::Scope;
use crate::platform::permissions::EditCustomers;
use crate::web::forms::{Nothing, changed_meanwhile, changed_words};
use crate::web::page::{self, Answer, Next};
use crate::web::{Allowed, Form};
use actix_web::web;

type Actor = Allowed<EditCustomers>;

/// Company, code and address of an address.
type Path = web::Path<(String, String, String)>;

fn parts(path: Path) -> Result<(String, AddressId), AppError> {
    let (_, code, id) = path.into_inner();
    Ok((code, id.parse().map_err(|_| AppError::NotFound)?))
}

fn view(
    actor: &Actor,
    (customer, address): (&Customer, Option<&Address>),
    (form, conflict): (&AddressForm, bool),
) -> FormPage {
    let title = match address {
        Some(address) => Said::new("Edit {name}").with("name", address.label.as_str()),
        None => Said::new("Add an address"),
    };
    address_page(
        actor.shell(actor.lang().say(&title)),
        actor.lang(),
        &actor.pass.base(),
        (customer, address),
        (form, conflict),
    )
}

fn own_gstin(customer: &Customer) -> Option<Gstin> {
    customer.gstin.as_deref().and_then(|text| text.parse().ok())
}

pub async fn new(actor: Actor, path: web::Path<(String, String)>) -> Answer {
    let code = path.into_inner().1;
    let customer = actor
        .read(move |scope| Customer::by_code(scope, &code))
        .await?;
    let form = AddressForm::default();
    page::show(&actor.ctx, &view(&actor, (&customer, None), (&form, false)))
}

pub async fn create(
    actor: Actor,
    path: web::Path<(String, String)>,
    form: Form<AddressForm>,
) -> Answer {
    let code = path.into_inner().1;
    let customer = actor
        .read(move |scope| Customer::by_code(scope, &code))
        .await?;
    let (new, _, mut form) = match form.0.parse(own_gstin(&customer).as_ref()) {
        Ok(parsed) => parsed,
        Err(form) => {
            return page::again(&actor.ctx, &view(&actor, (&customer, None), (&form, false)));
        }
    };
    let (code, base) = (customer.code.clone(), actor.pass.base());
    let added = actor
        .once(move |scope| {
            actions::add_address(scope, &code, &new)?;
            Ok(Next::to(format!("{base}/customers/{code}"))
                .saying(Said::new("The address {label} is added.").with("label", new.label)))
        })
        .await;
    match added {
        Err(AppError::Refused(said)) => {
            form.remarks.add("place_gstin", said);
            page::again(&actor.ctx, &view(&actor, (&customer, None), (&form, false)))
        }
        added => Ok(page::go(&actor.ctx, added?)),
    }
}

fn both(scope: &mut Scope, code: &str, id: AddressId) -> Result<(Customer, Address), AppError> {
    let customer = Customer::by_code(scope, code)?;
    let address = Address::find(scope, customer.id, id)?;
    Ok((customer, address))
}

pub async fn edit(actor: Actor, path: Path) -> Answer {
    let (code, id) = parts(path)?;
    let (customer, address) = actor.read(move |scope| both(scope, &code, id)).await?;
    let form = address_form(&customer, &address);
    let found = (&customer, Some(&address));
    page::show(&actor.ctx, &view(&actor, found, (&form, false)))
}

pub async fn update(actor: Actor, path: Path, form: Form<AddressForm>) -> Answer {
    let (code, id) = parts(path)?;
    let asked = code.clone();
    let (customer, address) = actor.read(move |scope| both(scope, &asked, id)).await?;
    let found = (&customer, Some(&address));
    let (new, version, mut form) = match form.0.parse(own_gstin(&customer).as_ref()) {
        Ok(parsed) => parsed,
        Err(form) => return page::again(&actor.ctx, &view(&actor, found, (&form, false))),
    };
    let (saving, base) = (code.clone(), actor.pass.base());
    let saved = actor
        .once(move |scope| {
            if !actions::save_address(scope, &saving, id, &new, version)? {
                return Err(changed_meanwhile());
            }
            Ok(Next::to(format!("{base}/customers/{saving}"))
                .saying(Said::new("The address {label} is saved.").with("label", new.label)))
        })
        .await;
    match saved {
        Err(AppError::Refused(said)) if said == changed_words() => {
            let (customer, address) = actor.read(move |scope| both(scope, &code, id)).await?;
            form.version = address.updated_at.to_rfc3339();
            let found = (&customer, Some(&address));
            page::again(&actor.ctx, &view(&actor, found, (&form, true)))
        }
        Err(AppError::Refused(said)) => {
            form.remarks.add("place_gstin", said);
            page::again(&actor.ctx, &view(&actor, found, (&form, false)))
        }
        saved => Ok(page::go(&actor.ctx, saved?)),
    }
}

/// A step that takes an address and nothing else.
async fn step(
    actor: Actor,
    path: Path,
    take: fn(&mut Scope, &str, AddressId) -> Result<Address, AppError>,
    said: Said,
) -> Answer {
    let ((code, id), base) = (parts(path)?, actor.pass.base());
    let next = actor
        .once(move |scope| {
            let address = take(scope, &code, id)?;
            Ok(Next::to(format!("{base}/customers/{code}"))
                .saying(said.with("label", address.label)))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn make_default(actor: Actor, path: Path, _form: Form<Nothing>) -> Answer {
    let said = Said::new("Goods go to {label} from now on.");
    step(actor, path, actions::make_default, said).await
}

pub async fn make_billing(actor: Actor, path: Path, _form: Form<Nothing>) -> Answer {
    let said = Said::new("Bills go to {label} from now on.");
    step(actor, path, actions::make_billing, said).await
}

pub async fn deactivate(actor: Actor, path: Path, _form: Form<Nothing>) -> Answer {
    let said = Said::new("{label} is out of use. You can use it again at any time.");
    step(actor, path, actions::deactivate, said).await
}

pub async fn activate(actor: Actor, path: Path, _form: Form<Nothing>) -> Answer {
    let said = Said::new("{label} is in use again.");
    step(actor, path, actions::activate, said).await
}
