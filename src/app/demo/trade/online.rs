//! Money over the sandbox's payment gateway, from the shop's wish to the gateway's word.

use crate::accounting::actions::gateway::{Applied, Keys, Wanted, add, begin};
use crate::accounting::till::{Back, Till};
use crate::accounting::views::hooks_to;
use crate::app::demo::shops::Shop;
use crate::error::AppError;
use crate::integrations::payments::gateway::books;
use crate::integrations::sandbox::Sandboxes;
use crate::kernel::ids::{EntryId, GatewayAccountId, TenantId};
use crate::platform::db::{Member, Meter};
use crate::web::State;
use url::Url;

/// Opens an account at the gateway, over which a company's shops pay from now on.
pub fn open_account(state: &State, company: TenantId) -> Result<(), AppError> {
    let (id, till) = (GatewayAccountId::new(), Till::new(state));
    let known = till.gateways().get("sandbox")?;
    let hooks = hooks_to(&state.config.base_url, id.uuid());
    let hooks = Url::parse(&hooks).map_err(AppError::internal)?;
    let opened = known
        .client
        .open_account(&known.base, "Annapurna Foods", &hooks)
        .map_err(AppError::internal)?;
    let keys = Keys {
        gateway: known.name.to_owned(),
        key_id: opened.key_id,
        key_secret: opened.key_secret,
        hook_secret: opened.hook_secret,
    };
    let member = Member::rehearsed(company, None, None);
    state.db.write(&member, &Meter::default(), |scope| {
        add(scope, &state.config.secret_key, id, &keys)
    })
}

/// A shop ticks a bill, pays it on the gateway's page, and comes back.
pub fn pay(state: &State, shop: &Shop, bill: EntryId) -> Result<(), AppError> {
    let (till, meter) = (Till::new(state), Meter::default());
    let account = till
        .active(shop.company, &meter)?
        .ok_or(AppError::NotFound)?;
    let buyer = Member::rehearsed(shop.company, Some(shop.buyer), Some(shop.customer));
    let begun = state.db.write(&buyer, &meter, |scope| {
        let wanted = Wanted::Bills(vec![(bill, None)]);
        let from = (shop.customer, account.id);
        begin(scope, &shop.buyer_name, from, &wanted)
    })?;
    // What a note gave back may cover the bill.
    let Ok((id, amount)) = begun else {
        return Ok(());
    };
    let back = format!("/r/{}/annapurna/pay/{id}", shop.slug);
    let page = till.lead_new(shop.company, &meter, &account, (id, amount, &back))?;
    let query = at_the_gateway(state, &page)?;
    match till.came_back(shop.company, &meter, (id, &query))? {
        Back::Applied(Applied::Received(..) | Applied::Known(_)) => Ok(()),
        other => Err(AppError::internal(format!("{other:?}"))),
    }
}

/// The payer pays on the gateway's page; what it comes back with.
fn at_the_gateway(state: &State, page: &Url) -> Result<Vec<(String, String)>, AppError> {
    let order = page.path_segments().and_then(|mut parts| parts.next_back());
    let order = order.unwrap_or_default();
    let gateway = &state.part::<Sandboxes>()?.till;
    let back = gateway.transact(|tx| {
        let order = books::order(tx, order)?.ok_or(AppError::NotFound)?;
        let merchant = books::merchant(tx, &order.key_id)?.ok_or(AppError::NotFound)?;
        let payment = books::pay(tx, &order, ("captured", "upi"))?;
        books::tell(tx, &order.key_id, &payment, (1, 0))?;
        books::way_back(&merchant, &order, &payment).ok_or(AppError::NotFound)
    })?;
    gateway.bell.ring();
    let words = back.query_pairs();
    Ok(words
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect())
}
