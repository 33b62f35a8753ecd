//! Sixty days of trade: orders in every state, each step taken by the product's own action at the hour at which it would have been taken.

use super::shops::Shop;
use crate::accounting::actions::{self as books, Issuing};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{
    CustomerId, DriverId, ProductId, ShipmentLineId, TenantId, UserId, VehicleId,
};
use crate::kernel::quantity::Quantity;
use crate::logistics::actions::{self as supply, Delivery, Packing, Picker, Sending};
use crate::logistics::model::Line;
use crate::orders::actions::{self as demand, Kept, NewLine, Placing, Quote, Source};
use crate::orders::model::Order;
use crate::orders::rules::OrderStatus;
use crate::orders::{OrderError, rules};
use crate::platform::db::{Db, Member, Meter, Scope};
use crate::products::model::Product;
use chrono::{DateTime, Datelike, Duration, TimeZone, Utc, Weekday};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rust_decimal::Decimal;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::convert::Infallible;

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
    /// Fewest and most orders of a day.
    pub orders: (u32, u32),
    /// Vehicles, each with its driver.
    pub fleet: Vec<(VehicleId, DriverId)>,
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
}

/// The trade of one supplier.
struct Trade<'a> {
    db: &'a Db,
    supplier: &'a Supplier,
    shops: Vec<&'a Shop>,
    goods: Vec<(ProductId, Decimal)>,
    chance: StdRng,
}

/// An order on its way.
struct Deal {
    shop: usize,
    fate: Fate,
    /// The step at which it stands today; nothing for one that goes its way.
    last: Option<Step>,
    number: String,
    shipment: String,
}

/// Trades for sixty days until now.
///
/// # Errors
/// When an action refuses what it should not.
pub fn load(db: &Db, supplier: &Supplier, shops: &[Shop]) -> Result<(), AppError> {
    let clock = db.clock().clone();
    let now = clock.now();
    let mut trade = Trade {
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
    };
    let mut deals: Vec<Deal> = Vec::new();
    let mut due: BinaryHeap<Reverse<(DateTime<Utc>, usize, Step)>> = BinaryHeap::new();
    for (at, shop, fate, last) in trade.plan(now) {
        due.push(Reverse((at, deals.len(), Step::Place)));
        deals.push(Deal {
            shop,
            fate,
            last,
            number: String::new(),
            shipment: String::new(),
        });
    }
    while let Some(Reverse((at, index, step))) = due.pop() {
        if at > now {
            continue;
        }
        clock.set(Some(at));
        if let Some(deal) = deals.get_mut(index)
            && let Some((next, wait)) = trade.take(step, deal)?
            && deal.last != Some(step)
        {
            let wait = deal.last.map_or(wait, |_| Duration::minutes(6));
            due.push(Reverse((at + wait, index, next)));
        }
    }
    // One more than the customer's credit bears, so that the queue of held orders is not empty.
    clock.set(Some(now - Duration::minutes(25)));
    trade.over_the_limit()?;
    clock.set(None);
    Ok(())
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

    /// Takes a step of an order; says what comes next, and how long that takes.
    fn take(&mut self, step: Step, deal: &mut Deal) -> Result<Option<(Step, Duration)>, AppError> {
        let (sales, warehouse) = (self.supplier.sales, self.supplier.warehouse);
        Ok(match step {
            Step::Place => {
                let Some((number, is_held)) = self.place(deal.shop)? else {
                    return Ok(None);
                };
                deal.number = number;
                if is_held {
                    // The shop pays, or promises to.
                    return Ok(Some((Step::Release, Duration::hours(3))));
                }
                let wait = Duration::minutes(self.chance.random_range(20..200));
                let next = if deal.fate == Fate::Cancelled {
                    Step::End
                } else {
                    Step::Confirm
                };
                Some((next, wait))
            }
            Step::Release => {
                let number = deal.number.clone();
                self.act(sales, |scope, who| {
                    demand::release(scope, &number, "Paid by NEFT this morning", who).map(drop)
                })?;
                Some((Step::Confirm, Duration::minutes(20)))
            }
            Step::End => {
                let number = deal.number.clone();
                self.act(sales, |scope, who| {
                    demand::cancel(scope, &number, "The shop ordered twice by mistake", who)
                        .map(drop)
                })?;
                None
            }
            Step::Confirm => {
                let (number, is_part) = (deal.number.clone(), deal.fate == Fate::PartConfirmed);
                self.act(sales, |scope, who| {
                    if is_part {
                        confirm_part(scope, &number, who)
                    } else {
                        demand::confirm(scope, &number, who).map(drop)
                    }
                })?;
                // Picked the next morning.
                Some((
                    Step::Pick,
                    Duration::hours(self.chance.random_range(14..19)),
                ))
            }
            Step::Pick => {
                let number = deal.number.clone();
                deal.shipment = self.act(warehouse, |scope, who| {
                    let picker = Picker {
                        user: Some(warehouse.0),
                        name: who.to_owned(),
                    };
                    supply::pick(scope, &number, &picker)
                })?;
                Some((
                    Step::Pack,
                    Duration::minutes(self.chance.random_range(15..90)),
                ))
            }
            Step::Pack => {
                let (shipment, is_short) = (deal.shipment.clone(), deal.fate == Fate::ShortPacked);
                self.act(warehouse, |scope, who| {
                    pack(scope, &shipment, is_short, who)
                })?;
                Some((
                    Step::Send,
                    Duration::minutes(self.chance.random_range(30..150)),
                ))
            }
            Step::Send => {
                self.send(deal)?;
                Some((
                    Step::Deliver,
                    Duration::minutes(self.chance.random_range(60..2_000)),
                ))
            }
            Step::Deliver => {
                self.deliver(deal)?;
                None
            }
        })
    }

    /// Somebody of the company does something.
    fn act<T>(
        &self,
        who: (UserId, &'static str),
        work: impl FnOnce(&mut Scope, &str) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let member = self.supplier.at_work(who);
        self.db
            .write(&member, &Meter::default(), |scope| work(scope, who.1))
    }

    /// The shop's buyer orders; nothing when that could not be served.
    fn place(&mut self, shop: usize) -> Result<Option<(String, bool)>, AppError> {
        let count = self.chance.random_range(2..=7);
        let chosen: Vec<(ProductId, Decimal)> = self
            .goods
            .choose_multiple(&mut self.chance, count)
            .copied()
            .collect();
        let lines = chosen
            .into_iter()
            .filter_map(|(product, pack)| {
                let packs = Decimal::from(self.chance.random_range(1..=3));
                Some(line(product, Quantity::new(packs * pack)?))
            })
            .collect();
        self.order(shop, lines)
    }

    fn order(&self, shop: usize, lines: Vec<NewLine>) -> Result<Option<(String, bool)>, AppError> {
        let Some(shop) = self.shops.get(shop) else {
            return Ok(None);
        };
        let buyer = Member::rehearsed(shop.company, Some(shop.buyer), Some(shop.customer));
        let placing = placing(shop.customer, &shop.buyer_name, lines);
        let mut is_short = false;
        let placed = self.db.write(&buyer, &Meter::default(), |scope| {
            demand::place(scope, &placing).map_err(|error| {
                is_short = matches!(error, OrderError::Short(_));
                error.into()
            })
        });
        match placed {
            Ok(placed) => Ok(Some((placed.number, placed.held.is_some()))),
            Err(_) if is_short => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn send(&mut self, deal: &Deal) -> Result<(), AppError> {
        let Some((vehicle, driver)) = self.supplier.fleet.choose(&mut self.chance).copied() else {
            return Ok(());
        };
        let (shipment, number, is_short) = (
            deal.shipment.clone(),
            deal.number.clone(),
            deal.fate == Fate::ShortPacked,
        );
        self.act(self.supplier.warehouse, |scope, who| {
            let sending = Sending {
                vehicle,
                driver,
                expected_on: dates::today(scope.now() + Duration::hours(20)),
                is_overload_known: true,
                challan_reason: None,
            };
            bill(scope, who, &shipment)?;
            supply::send(scope, who, &shipment, &sending)?
                .map_err(|unfit| AppError::refused(unfit.said))?;
            // A line of a single unit is never short, and then nothing is left to cancel.
            if is_short && Order::find(scope, &number)?.status == OrderStatus::Confirmed {
                demand::cancel_open(scope, &number, "The rest was not in the warehouse", who)?;
            }
            Ok(())
        })
    }

    fn deliver(&mut self, deal: &Deal) -> Result<(), AppError> {
        let shop = self
            .shops
            .get(deal.shop)
            .map(|shop| shop.buyer_name.clone());
        let (shipment, is_returned) = (deal.shipment.clone(), deal.fate == Fate::Returned);
        self.act(self.supplier.warehouse, |scope, who| {
            if is_returned {
                return books::bring_back(scope, who, &shipment, "The shop was closed");
            }
            let delivery = Delivery {
                received_by: shop.unwrap_or_default(),
                note: None,
                proof: None,
            };
            supply::deliver(scope, who, &shipment, &delivery)
        })
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

/// Issues the invoice of a packed shipment as it was packed.
fn bill(scope: &mut Scope, who: &str, shipment: &str) -> Result<(), AppError> {
    let issuing = Issuing {
        shipment: shipment.to_owned(),
        ..Issuing::default()
    };
    let issued = books::issue(scope, who, &issuing)?;
    issued.map_err(|faults| match faults.into_iter().next() {
        Some(fault) => AppError::refused(fault.said),
        None => AppError::NotFound,
    })?;
    Ok(())
}

fn line(product: ProductId, quantity: Quantity) -> NewLine {
    NewLine {
        product,
        quantity,
        price: None,
    }
}

fn placing(customer: CustomerId, buyer: &str, lines: Vec<NewLine>) -> Placing {
    Placing {
        customer,
        lines,
        ship_to: None,
        po_number: None,
        note: None,
        wanted_on: None,
        source: Source::Portal,
        placed_by: buyer.to_owned(),
        draft: None,
        shown: None,
    }
}

/// Confirms an order but for half of its first line.
fn confirm_part(scope: &mut Scope, number: &str, who: &str) -> Result<(), AppError> {
    let order = Order::find(scope, number)?;
    let kept: Vec<Kept> = order
        .lines(scope)?
        .iter()
        .enumerate()
        .map(|(place, line)| Kept {
            line: line.id,
            quantity: if place == 0 {
                (line.quantity / Decimal::TWO).floor()
            } else {
                line.quantity
            },
        })
        .collect();
    demand::confirm_lines(
        scope,
        number,
        &kept,
        Some("The mill sends less this week"),
        who,
    )
    .map(drop)
}

/// Packs what was picked, in a box for every two lines; a short one lacks a unit of its first line.
fn pack(scope: &mut Scope, shipment: &str, is_short: bool, who: &str) -> Result<(), AppError> {
    let packing = |lines: &[Line]| {
        let wanted = lines
            .iter()
            .filter_map(|line| Some((line.shipment_line?, line.to_pick?)));
        let packed: HashMap<ShipmentLineId, Decimal> = wanted
            .enumerate()
            .map(|(place, (line, quantity))| {
                let lacks = if place == 0 && is_short && quantity > Decimal::ONE {
                    Decimal::ONE
                } else {
                    Decimal::ZERO
                };
                (line, quantity - lacks)
            })
            .collect();
        Ok::<_, Infallible>(Packing {
            packages: i32::try_from(packed.len().div_ceil(2)).unwrap_or(1),
            packed,
            weight_g: None,
        })
    };
    supply::pack(scope, who, shipment, packing).map(drop)
}
