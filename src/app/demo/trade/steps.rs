//! The steps of an order, each taken by the product's own action in the name of whoever would take it.

use super::{Deal, Fate, Step, Trade, line};
use crate::accounting::actions as books;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{CustomerId, ProductId, ShipmentLineId, UserId};
use crate::kernel::quantity::Quantity;
use crate::logistics::actions::{self as supply, Delivery, Packing, Picker, Sending};
use crate::logistics::model::Line;
use crate::orders::OrderError;
use crate::orders::actions::{self as demand, Kept, NewLine, Placing, Source};
use crate::orders::model::Order;
use crate::orders::rules::OrderStatus;
use crate::platform::db::{Member, Meter, Scope};
use chrono::Duration;
use rand::Rng;
use rand::seq::IndexedRandom;
use rust_decimal::Decimal;
use std::collections::HashMap;
use std::convert::Infallible;

impl Trade<'_> {
    /// Takes a step of an order; says what comes next, and how long that takes.
    pub(super) fn take(
        &mut self,
        step: Step,
        deal: &mut Deal,
    ) -> Result<Vec<(Step, Duration)>, AppError> {
        let next = match step {
            Step::Place => self.begin(deal)?,
            Step::Release => {
                self.let_go(deal)?;
                Some((Step::Confirm, Duration::minutes(20)))
            }
            Step::End => {
                let number = deal.number.clone();
                self.act(self.supplier.sales, |scope, who| {
                    demand::cancel(scope, &number, "The shop ordered twice by mistake", who)
                        .map(drop)
                })?;
                None
            }
            Step::Confirm => Some(self.confirm(deal)?),
            Step::Pick => Some(self.pick(deal)?),
            Step::Pack => {
                let (shipment, is_short) = (deal.shipment.clone(), deal.fate == Fate::ShortPacked);
                self.act(self.supplier.warehouse, |scope, who| {
                    pack(scope, &shipment, is_short, who)
                })?;
                Some((
                    Step::Send,
                    Duration::minutes(self.chance.random_range(30..150)),
                ))
            }
            Step::Send => {
                self.send(deal)?;
                let way = Duration::minutes(self.chance.random_range(60..2_000));
                let mut next = vec![(Step::Deliver, way)];
                next.extend(self.due(deal));
                return Ok(next);
            }
            Step::Deliver => {
                self.deliver(deal)?;
                Some((Step::Correct, Duration::hours(26)))
            }
            Step::Correct => {
                self.correct(deal)?;
                None
            }
            Step::Collect => self.collect(deal)?,
            Step::Bounce => {
                self.bounce(deal)?;
                None
            }
        };
        Ok(next.into_iter().collect())
    }

    fn begin(&mut self, deal: &mut Deal) -> Result<Option<(Step, Duration)>, AppError> {
        let Some((number, is_held)) = self.place(deal.shop)? else {
            return Ok(None);
        };
        deal.number = number;
        if is_held {
            let wait = Duration::hours(3);
            if deal.last.is_none() && self.db.clock().now() + wait < self.world.now {
                return Ok(Some((Step::Release, wait)));
            }
            self.let_go(deal)?;
        }
        let wait = Duration::minutes(self.chance.random_range(20..200));
        let next = if deal.fate == Fate::Cancelled {
            Step::End
        } else {
            Step::Confirm
        };
        Ok(Some((next, wait)))
    }

    fn confirm(&mut self, deal: &Deal) -> Result<(Step, Duration), AppError> {
        let is_part = deal.fate == Fate::PartConfirmed;
        self.act(self.supplier.sales, |scope, who| {
            if is_part {
                confirm_part(scope, &deal.number, who)
            } else {
                demand::confirm(scope, &deal.number, who).map(drop)
            }
        })?;
        // Picked the next morning.
        let wait = Duration::hours(self.chance.random_range(14..19));
        Ok((Step::Pick, wait))
    }

    fn pick(&mut self, deal: &mut Deal) -> Result<(Step, Duration), AppError> {
        let warehouse = self.supplier.warehouse;
        deal.shipment = self.act(warehouse, |scope, who| {
            let picker = Picker {
                user: Some(warehouse.0),
                name: who.to_owned(),
            };
            supply::pick(scope, &deal.number, &picker)
        })?;
        let wait = Duration::minutes(self.chance.random_range(15..90));
        Ok((Step::Pack, wait))
    }

    /// Somebody of the company does something.
    pub(super) fn act<T>(
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

    pub(super) fn order(
        &self,
        shop: usize,
        lines: Vec<NewLine>,
    ) -> Result<Option<(String, bool)>, AppError> {
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

    fn send(&mut self, deal: &mut Deal) -> Result<(), AppError> {
        self.bill_of(deal)?;
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
                // The driver has the e-way bills of the day on paper.
                is_eway_known: true,
                challan: None,
                // One bill is forgotten, and its goods leave all the same.
                unregistered_reason: Some("The truck could not wait".to_owned()),
            };
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
        })?;
        if is_returned {
            // What was billed of it is credited, and the authority hears of that too.
            self.register()?;
        }
        Ok(())
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
