//! What is paid, how and when: each shop has a habit.

use super::{Deal, Step, Trade, online};
use crate::accounting::actions::payments::{self, How, Receipt};
use crate::accounting::rules::payment::Method;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{CustomerId, EntryId};
use crate::kernel::money::Money;
use crate::ledger::actions::{Posting, Source, post};
use crate::ledger::model::{Account, OpenItem};
use crate::ledger::rules::EntryKind;
use crate::orders::actions as demand;
use crate::orders::model::Order;
use chrono::{Datelike, Duration};
use rand::Rng;
use rust_decimal::Decimal;

/// How a shop pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Habit {
    /// When it is due.
    InTime,
    /// By cheque when it is due.
    Cheque,
    /// Weeks after it was due.
    Late,
    /// In whole thousands.
    Rounded,
    /// On the payment page.
    Online,
    /// Not at all.
    Never,
}

/// Those that don't simply pay in time.
const HABITS: &[(&str, Habit)] = &[
    ("gupta", Habit::Online),
    ("lakshmi", Habit::Cheque),
    ("selvam", Habit::Cheque),
    ("malabar", Habit::Late),
    ("bharathi", Habit::Late),
    ("pandian", Habit::Rounded),
    ("murugan", Habit::Never),
    ("manjunath", Habit::Never),
    ("tirumala", Habit::Never),
    ("sharma", Habit::Cheque),
    ("narmada", Habit::Cheque),
    ("raghu", Habit::Late),
    ("malviya", Habit::Never),
    ("deshmukh", Habit::Never),
    ("mewar", Habit::Never),
];

/// What those that pay nothing owed before the books began: rupees, and days before today on which it was due.
const BEFORE: [(i64, i64); 2] = [(18_400, 97), (12_750, 74)];
/// Days before today of the entries of what was owed before.
const BEFORE_DAY: i64 = 105;
/// The cheque that the bank returns.
const RETURNED: usize = 2;
/// Rupees that a shop paid before there was a bill.
const ADVANCE: i64 = 25_000;

fn habit(slug: &str) -> Habit {
    HABITS
        .iter()
        .find(|(known, _)| *known == slug)
        .map_or(Habit::InTime, |(_, habit)| *habit)
}

impl Trade<'_> {
    /// What was owed before, and the account at the payment gateway.
    pub(super) fn open_books(&mut self) -> Result<(), AppError> {
        let today = dates::today(self.world.now);
        let clock = self.db.clock();
        clock.set(Some(self.world.now - Duration::days(61)));
        let debtors: Vec<CustomerId> = self
            .shops
            .iter()
            .filter(|shop| habit(&shop.slug) == Habit::Never)
            .map(|shop| shop.customer)
            .collect();
        for customer in debtors {
            let owed = BEFORE.map(|(rupees, days)| Posting {
                id: EntryId::new(),
                kind: EntryKind::Opening,
                entry_date: today - Duration::days(BEFORE_DAY),
                due_on: Some(today - Duration::days(days)),
                amount: Money::from_rupees(rupees),
                source: Source::Words,
                reason: Some("Open at the end of the old books".to_owned()),
            });
            self.act(self.supplier.accounts, |scope, who| {
                post(scope, customer, who, &owed, Money::ZERO).map(drop)
            })?;
            let entries = owed.iter().map(|posting| (customer, posting.id));
            self.books.openings.extend(entries);
        }
        if self.supplier.is_main {
            online::open_account(self.world.state, self.supplier.company)?;
        }
        Ok(())
    }

    /// When a bill is paid.
    pub(super) fn due(&mut self, deal: &Deal) -> Option<(Step, Duration)> {
        let shop = self.shops.get(deal.shop)?;
        let days = match habit(&shop.slug) {
            Habit::Never => return None,
            Habit::Late => self.chance.random_range(9..24),
            _ => self.chance.random_range(-1..=0),
        };
        let days = (i64::from(shop.terms_days) + days).max(0);
        let hours = self.chance.random_range(2..8);
        Some((Step::Collect, Duration::days(days) + Duration::hours(hours)))
    }

    /// A shop pays what is open of a bill.
    pub(super) fn collect(
        &mut self,
        deal: &mut Deal,
    ) -> Result<Option<(Step, Duration)>, AppError> {
        let (Some((bill, _)), Some(shop)) = (deal.bill, self.shops.get(deal.shop).copied()) else {
            return Ok(None);
        };
        let entry = EntryId::from(bill.uuid());
        let open = self.act(self.supplier.accounts, |scope, _| {
            Ok(OpenItem::find(scope, entry)?.open)
        })?;
        if open.is_zero() {
            return Ok(None);
        }
        let method = match habit(&shop.slug) {
            Habit::Online if self.supplier.is_main => {
                online::pay(self.world.state, shop, entry)?;
                return Ok(None);
            }
            Habit::Cheque => Method::Cheque,
            Habit::Rounded if self.books.advance.is_none() => {
                let advance = Money::from_rupees(ADVANCE);
                let number =
                    self.receive((shop.customer, Method::Neft), (advance, How::OnAccount))?;
                self.books.advance = Some(number);
                Method::Neft
            }
            _ if shop.terms_days == 0 => Method::Cash,
            _ if self.books.receipts.is_multiple_of(2) => Method::Upi,
            _ => Method::Neft,
        };
        let amount = if habit(&shop.slug) == Habit::Rounded {
            let thousand = Decimal::from(1_000);
            Money::rounded((open.as_decimal() / thousand).ceil() * thousand)
        } else {
            open
        };
        let how = if self.books.receipts % 5 == 4 {
            How::ByHand(vec![(entry, open)])
        } else {
            How::OldestFirst
        };
        let number = self.receive((shop.customer, method), (amount, how))?;
        if method == Method::Cheque {
            self.books.cheques += 1;
            if self.books.cheques == RETURNED {
                deal.cheque = Some(number);
                return Ok(Some((Step::Bounce, Duration::days(4))));
            }
        }
        Ok(None)
    }

    /// Writes down money that came.
    pub(super) fn receive(
        &mut self,
        (customer, method): (CustomerId, Method),
        (amount, how): (Money, How),
    ) -> Result<String, AppError> {
        self.books.receipts += 1;
        let nth = self.books.receipts;
        let today = dates::today(self.db.clock().now());
        let (reference, bank) = match method {
            Method::Cheque => (
                Some(format!("{:06}", 214_300 + 37 * nth)),
                Some("Indian Bank".to_owned()),
            ),
            Method::Upi => (Some(format!("{:012}", 632_500_000_000 + 7_919 * nth)), None),
            Method::Neft => (
                Some(format!("SBINN{}{:08}", today.year(), 52_000 + 11 * nth)),
                None,
            ),
            Method::Cash | Method::Gateway | Method::Tds => (None, None),
        };
        let receipt = Receipt {
            customer,
            method,
            amount,
            paid_on: today,
            reference,
            bank,
            cheque_date: (method == Method::Cheque).then_some(today),
            note: None,
            how,
        };
        self.act(self.supplier.accounts, |scope, who| {
            let paid = payments::record(scope, who, &receipt)?;
            paid.map(|paid| paid.number)
                .map_err(|over| match over.into_iter().next() {
                    Some((_, said)) => AppError::refused(said),
                    None => AppError::NotFound,
                })
        })
    }

    /// The bank returns a cheque.
    pub(super) fn bounce(&self, deal: &Deal) -> Result<(), AppError> {
        let Some(number) = &deal.cheque else {
            return Ok(());
        };
        let today = dates::today(self.db.clock().now());
        self.act(self.supplier.accounts, |scope, who| {
            payments::bounce(scope, who, number, (today, "Funds insufficient")).map(drop)
        })
    }

    /// An order that is held for credit goes on: its shop pays what it owes, or promises to.
    pub(super) fn let_go(&mut self, deal: &Deal) -> Result<(), AppError> {
        let Some(shop) = self.shops.get(deal.shop).copied() else {
            return Ok(());
        };
        if !self.is_held(&deal.number)? {
            return Ok(());
        }
        let owed = self.act(self.supplier.accounts, |scope, _| {
            Ok(Account::find(scope, shop.customer)?.balance)
        })?;
        if habit(&shop.slug) != Habit::Never && owed > Money::ZERO {
            self.receive((shop.customer, Method::Neft), (owed, How::OldestFirst))?;
        }
        if self.is_held(&deal.number)? {
            self.act(self.supplier.sales, |scope, who| {
                let why = "The owner promised to pay this week";
                demand::release(scope, &deal.number, why, who).map(drop)
            })?;
        }
        Ok(())
    }

    fn is_held(&self, number: &str) -> Result<bool, AppError> {
        self.act(self.supplier.sales, |scope, _| {
            Ok(Order::find(scope, number)?.is_held)
        })
    }
}
