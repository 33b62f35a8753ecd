//! What happens seldom and can be seen today: bills at every stage at the authority, money that goes back, an order that is held.

use super::bills::buyer_of;
use super::{Deal, Fate, Step, Trade, line};
use crate::accounting::actions::einvoices::{
    CANCEL, EWAY, Transport, ask_cancel, ask_eway_bill, cancel_eway_bill, goods_of, may_have_bill,
    rest_until,
};
use crate::accounting::actions::payments::{self, Refund};
use crate::accounting::actions::{CancelCode, Issued, SEND};
use crate::accounting::model::Document;
use crate::accounting::rules::payment::Method;
use crate::error::AppError;
use crate::integrations::gst::registrar::books::{Enrolment, enrol};
use crate::integrations::gst::registrar::moods::{Mood, Told, Who, tell};
use crate::kernel::dates;
use crate::kernel::money::Money;
use crate::kernel::quantity::Quantity;
use crate::ledger::actions::WriteOff;
use crate::logistics::actions as supply;
use crate::orders::actions::{Header, NewLine, save_draft, start_draft};
use crate::orders::model::Order;
use crate::platform::db::{DEMO, Meter, PlatformActor, PlatformTx};
use crate::platform::jobs::queue;
use chrono::Duration;
use rust_decimal::Decimal;

/// So often a shop tries to order what there is enough of.
const TRIES: usize = 10;

impl Trade<'_> {
    /// Leaves something of everything to be seen.
    pub(super) fn today(&mut self) -> Result<(), AppError> {
        self.register()?;
        self.give_back()?;
        // What was forgotten is sent after the last day for it.
        self.books.unsent.clear();
        self.register()?;
        // Nobody has sent this one yet.
        let waits = self.packed_bill("nachiyar")?;
        self.leave(&waits);
        // Of this one the buyer's GSTIN was cancelled.
        let refused = self.packed_bill("thamarai")?;
        let gstin = self.act(self.supplier.accounts, |scope, _| {
            buyer_of(scope, refused.id)
        })?;
        self.outside(|tx| enrol(tx, &cancelled(gstin)))?;
        self.register()?;
        // The authority ended our login, and the new one too.
        let busy = self.packed_bill("kaveri")?;
        self.outside(|tx| {
            let mut ended = told("generate", Mood::Failing, tx.now());
            (ended.code, ended.calls_left) = (Some("1005".to_owned()), Some(2));
            tell(tx, &ended)
        })?;
        self.register()?;
        self.leave(&busy);
        // It got this one, nobody heard its answer, and then it was busy.
        let lost = self.packed_bill("malabar")?;
        self.outside(|tx| {
            tell(tx, &told("generate", Mood::Losing, tx.now()))?;
            tell(tx, &told("find", Mood::Failing, tx.now()))
        })?;
        self.register()?;
        self.leave(&lost);
        self.take_back("annai")?;
        self.take_the_road()?;
        self.give_up("kaveri")
    }

    /// A picker is called away, and what was begun is given up: its order waits to be picked once more.
    fn give_up(&mut self, slug: &str) -> Result<(), AppError> {
        let deal = self.ordered(slug, &[Step::Confirm, Step::Pick])?;
        self.act(self.supplier.warehouse, |scope, who| {
            let why = "The picker was called to unload a lorry";
            supply::cancel(scope, who, &deal.shipment, why)
        })
    }

    /// Somebody at the supplier has begun an order for a shop on the telephone, and has not placed it yet.
    pub(super) fn begin_a_draft(&self) -> Result<(), AppError> {
        let Some(customer) = self.shops.first().map(|shop| shop.customer) else {
            return Ok(());
        };
        let wanted = self.goods.iter().step_by(11).take(6);
        let wanted: Vec<NewLine> = wanted
            .filter_map(|(product, pack)| {
                Some(line(*product, Quantity::new(*pack * Decimal::TWO)?))
            })
            .collect();
        let quote = self.quote(customer, &self.served(customer, wanted)?)?;
        let header = Header {
            note: Some("Rings back about the quantities".to_owned()),
            ..Header::default()
        };
        self.act(self.supplier.sales, |scope, who| {
            let number = start_draft(scope, customer, who)?;
            let order = Order::lock(scope, &number)?;
            save_draft(scope, &order, &header, &quote).map(drop)
        })
    }

    /// The newest goods that need an e-way bill get one, and where they are too few others, which may: with a vehicle, with a transporter who will
    /// name it, with a plate that is none, and one that is cancelled.
    fn take_the_road(&mut self) -> Result<(), AppError> {
        let whose = (self.supplier.company, EWAY);
        let mut ways = vec![None, Some("ABCDEFGH"), Some(""), Some("TN09CK4417")];
        let carried = self.books.carried.clone();
        let newest = || carried.iter().rev().copied();
        let by_need = newest()
            .map(|id| (id, true))
            .chain(newest().map(|id| (id, false)));
        for (id, needs) in by_need {
            let Some(way) = ways.last().copied() else {
                break;
            };
            let asked = self.act(self.supplier.accounts, |scope, _| {
                let document = Document::by_id(scope, id)?;
                let goods = goods_of(scope, &document, false)?;
                if goods.consignment.needs_bill() != needs
                    || may_have_bill(&document, &goods).is_err()
                {
                    return Ok(None);
                }
                let transport = Transport {
                    distance_km: i32::from(goods.is_within) * 14,
                    mode: "1".to_owned(),
                    vehicle_no: match way {
                        Some("") => None,
                        Some(plate) => Some(plate.to_owned()),
                        None => Some("TN22BD8120".to_owned()),
                    },
                    transporter_id: (way == Some("")).then(|| "33AAACT2727Q1ZV".to_owned()),
                    transporter_name: (way == Some("")).then(|| "Nilgiri Roadways".to_owned()),
                    ..Transport::default()
                };
                ask_eway_bill(scope, &document, &transport).map(Some)
            })?;
            let Some(bill) = asked else {
                continue;
            };
            self.world.registry.work_off(self.db, whose, &[])?;
            if way.is_none() {
                self.act(self.supplier.accounts, |scope, _| {
                    cancel_eway_bill(scope, bill, (2, "The shop wants it next week"))
                })?;
                self.world.registry.work_off(self.db, whose, &[])?;
            }
            ways.pop();
        }
        Ok(())
    }

    /// A bill is cancelled at the authority and then in the books: its goods wait for another.
    fn take_back(&mut self, slug: &str) -> Result<(), AppError> {
        let wrong = self.packed_bill(slug)?;
        self.register()?;
        self.act(self.supplier.accounts, |scope, who| {
            let why = (CancelCode::Mistake, "Written for the wrong branch");
            let wrong = Document::by_id(scope, wrong.id)?;
            ask_cancel(scope, who, &wrong, why)
        })?;
        let whose = (self.supplier.company, CANCEL);
        self.world.registry.work_off(self.db, whose, &[]).map(drop)
    }

    /// What still waits for the authority waits until tomorrow, unless somebody sends it.
    pub(super) fn rest(&self) -> Result<(), AppError> {
        let (whose, until) = (
            (self.supplier.company, SEND),
            self.world.now + Duration::days(1),
        );
        self.act(self.supplier.accounts, |scope, _| rest_until(scope, until))?;
        queue::hold(self.db, whose, until).map(drop)
    }

    fn leave(&mut self, bill: &Issued) {
        self.books.unsent.push(bill.id.to_string());
    }

    /// A small part of an advance goes back, and the smallest of old debts is given up.
    fn give_back(&mut self) -> Result<(), AppError> {
        let today = dates::today(self.world.now);
        if let Some(advance) = self.books.advance.clone() {
            let refund = Refund {
                amount: Money::from_rupees(5_000),
                method: Method::Neft,
                paid_on: today,
                reference: Some("SBINN526118842".to_owned()),
                note: Some("The shop asked for it back".to_owned()),
            };
            self.act(self.supplier.accounts, |scope, who| {
                payments::refund(scope, who, &advance, &refund).map(drop)
            })?;
        }
        if let Some((customer, debit)) = self.books.openings.last().copied() {
            let wanted = WriteOff {
                customer,
                debit,
                amount: Money::from_rupees(350),
                reason: "A difference of the old books that nobody can explain".to_owned(),
            };
            self.act(self.supplier.accounts, |scope, who| {
                payments::write_off(scope, who, &wanted).map(drop)
            })?;
        }
        Ok(())
    }

    /// A shop orders, and its goods are packed and billed: a bill that the authority has to hear of.
    fn packed_bill(&mut self, slug: &str) -> Result<Issued, AppError> {
        for _ in 0..TRIES {
            let deal = self.ordered(slug, &[Step::Confirm, Step::Pick, Step::Pack])?;
            let issued = self.bill(&deal.shipment)?;
            if self.is_unsent(issued.id)? {
                return Ok(issued);
            }
        }
        Err(AppError::internal(format!("{slug} can't be served")))
    }

    /// A shop orders something that there is enough of, and the next steps are taken.
    fn ordered(&mut self, slug: &str, steps: &[Step]) -> Result<Deal, AppError> {
        let shop = self.shops.iter().position(|shop| shop.slug == slug);
        let shop = shop.ok_or(AppError::NotFound)?;
        for _ in 0..TRIES {
            let mut deal = Deal::new(shop, Fate::Delivered, None);
            self.take(Step::Place, &mut deal)?;
            if deal.number.is_empty() {
                continue;
            }
            for step in steps {
                self.take(*step, &mut deal)?;
            }
            return Ok(deal);
        }
        Err(AppError::internal(format!("{slug} can't be served")))
    }

    /// Somebody outside does something.
    fn outside(
        &self,
        work: impl FnOnce(&mut PlatformTx) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        let actor = PlatformActor {
            cause: Some(DEMO),
            ..PlatformActor::default()
        };
        self.db.platform_write(&actor, &Meter::default(), work)
    }
}

/// A mood for one call.
fn told(operation: &str, mood: Mood, now: chrono::DateTime<chrono::Utc>) -> Told {
    Told {
        who: Who::Registrar,
        gstin: String::new(),
        operation: operation.to_owned(),
        mood,
        delay_ms: 0,
        code: (mood == Mood::Failing).then(|| "5001".to_owned()),
        calls_left: Some(1),
        updated_at: now,
    }
}

fn cancelled(gstin: String) -> Enrolment {
    Enrolment {
        name: "Thamarai Fresh Mart".to_owned(),
        taxpayer_type: "REG".to_owned(),
        status: "CNL".to_owned(),
        is_einvoicing: false,
        turnover: Decimal::ZERO,
        login: None,
        gstin,
    }
}
