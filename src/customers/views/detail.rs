//! A customer's page.

use super::{kind_word, portal_state, portal_word, status_pill};
use crate::customers::model::{Address, Invitation, Line, Person};
use crate::customers::rules;
use crate::kernel::country;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::kernel::phone::readable;
use crate::kernel::state::State;
use crate::platform::permissions::ShopRole;
use crate::web::components::Pill;
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// An address on the page.
pub struct Place {
    pub address: Address,
    /// The town, with its PIN code in India.
    pub town: String,
    pub state: &'static str,
    /// The name of a country abroad.
    pub country: Option<String>,
    pub phone: Option<String>,
}

impl Place {
    pub fn new(address: Address) -> Self {
        Self {
            town: address.town(),
            country: address
                .is_abroad()
                .then(|| country::name(&address.country).to_owned()),
            state: State::by_code(&address.state_code).map_or("", State::name),
            phone: address.phone.as_deref().map(readable),
            address,
        }
    }
}

/// What the reader may do here.
#[derive(Clone, Copy, Debug)]
pub struct Rights {
    pub edit: bool,
    pub terms: bool,
    pub orders: bool,
    pub place: bool,
    pub ledger: bool,
}

#[derive(Template)]
#[template(path = "customers/show.html")]
pub struct CustomerPage {
    pub shell: Shell,
    pub line: Line,
    pub pill: Pill,
    pub kind: &'static str,
    pub phone: Option<String>,
    pub group: Option<String>,
    pub warehouse: Option<String>,
    pub terms: String,
    pub limit: String,
    pub exposure: Money,
    /// What is left of the credit, and whether that is less than nothing.
    pub left: Option<(Money, bool)>,
    /// How much of the credit is used, in hundredths, 100 at most.
    pub used: Option<u32>,
    pub next_delivery: Option<String>,
    pub places: Vec<Place>,
    pub portal: &'static str,
    pub people: Vec<(Person, &'static str)>,
    pub invitation: Option<(Invitation, &'static str)>,
    pub rights: Rights,
    pub base: String,
    pub here: String,
    pub key: Uuid,
}

/// What a customer's page is made of.
pub struct Loaded {
    pub line: Line,
    pub group: Option<String>,
    pub warehouse: Option<String>,
    pub addresses: Vec<Address>,
    pub people: Vec<Person>,
    pub invitation: Option<Invitation>,
    pub now: DateTime<Utc>,
}

fn share(used: Money, limit: Money) -> u32 {
    use rust_decimal::prelude::ToPrimitive;
    if limit.is_zero() {
        return if used.is_zero() { 0 } else { 100 };
    }
    let share = used.as_decimal() * rust_decimal::Decimal::ONE_HUNDRED / limit.as_decimal();
    share.floor().to_u32().unwrap_or(100).min(100)
}

impl CustomerPage {
    pub fn new(shell: Shell, lang: Lang, base: String, loaded: Loaded, rights: Rights) -> Self {
        let (line, now) = (loaded.line, loaded.now);
        let customer = &line.customer;
        let exposure = line.exposure();
        let terms = if customer.terms_days == 0 {
            lang.t("At once").into_owned()
        } else {
            lang.say(&Said::new("Within {days} days").with("days", customer.terms_days))
        };
        let left = customer.credit_limit.map(|limit| {
            let left = limit - exposure;
            (left, left.is_negative())
        });
        Self {
            shell,
            pill: status_pill(lang, &customer.status),
            kind: kind_word(&customer.kind),
            phone: customer.phone.as_deref().map(readable),
            group: loaded.group,
            warehouse: loaded.warehouse,
            terms,
            limit: customer.credit_limit.map_or_else(
                || lang.t("No limit").into_owned(),
                |limit| limit.to_string(),
            ),
            exposure,
            left,
            used: customer.credit_limit.map(|limit| share(exposure, limit)),
            next_delivery: line.next_delivery.map(|day| dates::date(day, lang)),
            places: loaded.addresses.into_iter().map(Place::new).collect(),
            portal: portal_word(portal_state(&line)),
            people: loaded
                .people
                .into_iter()
                .map(|person| {
                    let role = ShopRole::from_code(&person.role).map_or("", ShopRole::label);
                    (person, role)
                })
                .collect(),
            invitation: loaded.invitation.map(|letter| {
                let state = rules::invitation_state(&letter.status, letter.expires_at, now);
                (letter, state)
            }),
            rights,
            here: format!("{base}/customers/{}", customer.code),
            base,
            line,
            key: new_key(),
        }
    }
}
