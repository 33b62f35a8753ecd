//! Sixty days of trade: orders in every state, each step taken by the product's own action at the hour at which it would have been taken.

mod bills;
mod money;
mod online;
mod steps;
mod today;

use super::shops::Shop;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{
    CustomerId, DocumentId, DriverId, EntryId, ProductId, TenantId, UserId, VehicleId,
};
use crate::kernel::quantity::Quantity;
use crate::orders::actions::{self as demand, NewLine, Quote};
use crate::orders::rules;
use crate::platform::db::{Db, Member, Meter};
use crate::platform::jobs::Registry;
use crate::products::model::Product;
use crate::web::State;
use chrono::{DateTime, Datelike, Duration, TimeZone, Utc, Weekday};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use rust_decimal::Decimal;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The same trade every time.
const SEED: u64 = 2026;
/// Days of trade.
const DAYS: i64 = 60;
/// Who buys for the shop that has both suppliers.
const BOTH: &str = "Mohan Gupta";

/// Where today's orders stand.
const TODAY: &[Step] = &[
    Step::Send,
    Step::Pack,
    Step::Confirm,
    Step::Pick,
    Step::Send,
    Step::Confirm,
    Step::Pack,
    Step::Place,
    Step::Pick,
    Step::Place,
    Step::Place,
];

/// When somebody orders, which shop, what becomes of it, and where it stands.
type Planned = (DateTime<Utc>, usize, Fate, Option<Step>);

/// A supplier with whoever does its work.
#[derive(Clone, Debug)]
pub struct Supplier {
    /// The company.
    pub company: TenantId,
    /// Who sells: the user and the name.
    pub sales: (UserId, &'static str),
    /// Who picks, packs and sends.
    pub warehouse: (UserId, &'static str),
    /// Who writes down what is paid.
    pub accounts: (UserId, &'static str),
    /// Fewest and most orders of a day.
    pub orders: (u32, u32),
    /// Vehicles, each with its driver.
    pub fleet: Vec<(VehicleId, DriverId)>,
    /// Whether it is the one at which everything can be seen that happens seldom.
    pub is_main: bool,
}

/// Where the demo is lived through.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// The application.
    pub state: &'a State,
    /// Who does its work in the background.
    pub registry: &'a Registry,
    /// The present.
    pub now: DateTime<Utc>,
}

/// What becomes of an order in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Delivered,
    /// The company can't serve all of it.
    PartConfirmed,
    /// The picker finds less than the books say, and the rest is cancelled.
    ShortPacked,
    Returned,
    Cancelled,
}

/// A step that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Place,
    Release,
    End,
    Confirm,
    Pick,
    Pack,
    Send,
    Deliver,
    Correct,
    Collect,
    Bounce,
}

/// The trade of one supplier.
struct Trade<'a> {
    world: World<'a>,
    db: &'a Db,
    supplier: &'a Supplier,
    shops: Vec<&'a Shop>,
    goods: Vec<(ProductId, Decimal)>,
    chance: StdRng,
    books: Books,
}

/// What of its books the trade remembers.
#[derive(Default)]
struct Books {
    /// Bills so far.
    bills: usize,
    /// Receipts so far.
    receipts: usize,
    /// Cheques so far.
    cheques: usize,
    /// Bills of goods that were sent for good, the oldest first.
    carried: Vec<DocumentId>,
    /// Bills that nobody sends to the authority, by their ids as text.
    unsent: Vec<String>,
    /// Money that came before its bill.
    advance: Option<String>,
    /// What was owed before the books began: the customer, and its entry.
    openings: Vec<(CustomerId, EntryId)>,
}

/// An order on its way.
struct Deal {
    shop: usize,
    fate: Fate,
    /// The step at which it stands today; nothing for one that goes its way.
    last: Option<Step>,
    number: String,
    shipment: String,
    /// Its bill, and which of the supplier's that is.
    bill: Option<(DocumentId, usize)>,
    /// The receipt of a cheque that will come back.
    cheque: Option<String>,
}

impl Deal {
    fn new(shop: usize, fate: Fate, last: Option<Step>) -> Self {
        Self {
            shop,
            fate,
            last,
            number: String::new(),
            shipment: String::new(),
            bill: None,
            cheque: None,
        }
    }
}

/// Trades for sixty days until now.
///
/// # Errors
/// When an action refuses what it should not.
pub fn load(world: World, supplier: &Supplier, shops: &[Shop]) -> Result<(), AppError> {
    let (db, now) = (&world.state.db, world.now);
    let mut trade = Trade {
        world,
        db,
        supplier,
        shops: shops
            .iter()
            .filter(|shop| shop.company == supplier.company)
            .collect(),
        goods: db.read(
            &supplier.at_work(supplier.sales),
            &Meter::default(),
            Product::on_sale,
        )?,
        chance: StdRng::seed_from_u64(SEED + u64::from(supplier.orders.1)),
        books: Books::default(),
    };
    trade.open_books()?;
    let mut deals: Vec<Deal> = Vec::new();
    let mut due: BinaryHeap<Reverse<(DateTime<Utc>, usize, Step)>> = BinaryHeap::new();
    for (at, shop, fate, last) in trade.plan(now) {
        due.push(Reverse((at, deals.len(), Step::Place)));
        deals.push(Deal::new(shop, fate, last));
    }
    while let Some(Reverse((at, index, step))) = due.pop() {
        if at > now {
            continue;
        }
        db.clock().set(Some(at));
        let Some(deal) = deals.get_mut(index) else {
            continue;
        };
        let next = trade.take(step, deal)?;
        if deal.last == Some(step) {
            continue;
        }
        for (next, wait) in next {
            let wait = deal.last.map_or(wait, |_| Duration::minutes(6));
            due.push(Reverse((at + wait, index, next)));
        }
    }
    db.clock().set(Some(now));
    if supplier.is_main {
        trade.today()?;
        // One more than the customer's credit bears, so that the queue of held orders is not empty.
        trade.over_the_limit()?;
        trade.begin_a_draft()?;
    }
    trade.rest()
}

impl Supplier {
    fn at_work(&self, (user, _): (UserId, &'static str)) -> Member {
        Member::rehearsed(self.company, Some(user), None)
    }
}

impl Trade<'_> {
    /// When who orders, and what becomes of it: on working days, in shop hours.
    fn plan(&mut self, now: DateTime<Utc>) -> Vec<Planned> {
        let today = dates::today(now);
        let mut plan = Vec::new();
        for ago in (1..=DAYS).rev() {
            let day = today - Duration::days(ago);
            if day.weekday() == Weekday::Sun {
                continue;
            }
            let (fewest, most) = self.supplier.orders;
            for _ in 0..self.chance.random_range(fewest..=most) {
                // Nine in the morning in India is half past three in Greenwich.
                let minutes = self.chance.random_range(210..720);
                let Some(midnight) = day.and_hms_opt(0, 0, 0) else {
                    continue;
                };
                let at = Utc.from_utc_datetime(&midnight) + Duration::minutes(minutes);
                let fate = match self.chance.random_range(0..100) {
                    0..4 => Fate::Cancelled,
                    4..9 => Fate::PartConfirmed,
                    9..15 => Fate::ShortPacked,
                    15..18 => Fate::Returned,
                    _ => Fate::Delivered,
                };
                let shop = self.chance.random_range(0..self.shops.len());
                plan.push((at, shop, fate, None));
            }
        }
        // Today there is one at every step, whatever the hour.
        for (place, last) in (0..).zip(TODAY) {
            let at = now - Duration::minutes(300 - 18 * place);
            let any = self.chance.random_range(0..self.shops.len());
            // The shop that buys from both has something on the road and something packed at each.
            let both = self.shops.iter().position(|shop| shop.buyer_name == BOTH);
            let shop = both.filter(|_| place < 2).unwrap_or(any);
            plan.push((at, shop, Fate::Delivered, Some(*last)));
        }
        plan
    }

    fn quote(&self, customer: CustomerId, lines: &[NewLine]) -> Result<Quote, AppError> {
        let member = self.supplier.at_work(self.supplier.sales);
        self.db.read(&member, &Meter::default(), |scope| {
            demand::quote(scope, customer, None, lines)
        })
    }

    /// The lines of which there is enough.
    fn served(
        &self,
        customer: CustomerId,
        mut lines: Vec<NewLine>,
    ) -> Result<Vec<NewLine>, AppError> {
        let quote = self.quote(customer, &lines)?;
        lines.retain(|line| {
            quote.lines.iter().any(|priced| {
                priced.line.product_id == line.product
                    && priced.line.free >= line.quantity.as_decimal()
            })
        });
        Ok(lines)
    }

    /// An order that is held for credit.
    fn over_the_limit(&mut self) -> Result<(), AppError> {
        let tight = self
            .shops
            .iter()
            .enumerate()
            .filter_map(|(index, shop)| Some((shop.limit?, index)))
            .min();
        let Some((limit, shop)) = tight else {
            return Ok(());
        };
        let Some(customer) = self.shops.get(shop).map(|shop| shop.customer) else {
            return Ok(());
        };
        for packs in [10, 20, 40, 80] {
            let wanted: Vec<NewLine> = self
                .goods
                .iter()
                .step_by(7)
                .take(20)
                .filter_map(|(product, pack)| {
                    Some(line(*product, Quantity::new(*pack * Decimal::from(packs))?))
                })
                .collect();
            let served = self.served(customer, wanted)?;
            let quote = self.quote(customer, &served)?;
            if rules::over_credit(Some(limit), quote.totals.total).is_some() {
                self.order(shop, served)?;
                return Ok(());
            }
        }
        Ok(())
    }
}

fn line(product: ProductId, quantity: Quantity) -> NewLine {
    NewLine {
        product,
        quantity,
        price: None,
    }
}
