//! Whatever happens to a customer, what is open on any day comes to the balance of that day, and to the sum of its buckets.

use crate::support::books::{ago, owes, pays, within};
use crate::support::trade::{an_invoice, shop_of, sound, try_note};
use crate::support::{Shop, Tenant, ask_on, run, tenant};
use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::sql_types::{Date, Numeric, Text};
use diesel::{PgConnection, QueryableByName, RunQueryDsl};
use mandi::accounting::actions::Issued;
use mandi::accounting::actions::payments::{self, How, Refund};
use mandi::accounting::rules::payment::Method;
use mandi::kernel::ids::EntryId;
use mandi::kernel::language::Said;
use mandi::kernel::money::Money;
use mandi::ledger::actions::{Agreement, WriteOff, agree};
use mandi::ledger::model::{Ageing, OpenItem, Owed, Plan, Sum};
use mandi::ledger::rules::{Every, due_now, equal_parts};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};

/// Days back that histories reach.
const DAYS: i64 = 60;

/// Something that happens; days count back from today, places count round the list of what is there.
#[derive(Clone, Debug)]
enum Step {
    Bill(i64, i64, i64),
    Pay(i64, i64),
    Oldest(usize),
    Part(usize, usize, i64),
    TakeOff(usize),
    Bounce(usize, i64),
    GiveBack(usize, i64, i64),
    WriteOff(usize, i64),
    Invoice,
    Note(usize, bool),
    Agree(usize, u8, i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (1_i64..500, 0..DAYS, -20_i64..30).prop_map(|(rupees, day, terms)| Step::Bill(rupees, day, terms)),
        4 => (1_i64..700, 0..DAYS).prop_map(|(rupees, day)| Step::Pay(rupees, day)),
        5 => (0_usize..20).prop_map(Step::Oldest),
        3 => (0_usize..20, 0_usize..20, 1_i64..300).prop_map(|(pay, bill, rupees)| Step::Part(pay, bill, rupees)),
        2 => (0_usize..20).prop_map(Step::TakeOff),
        3 => (0_usize..20, 0..DAYS).prop_map(|(pay, day)| Step::Bounce(pay, day)),
        2 => (0_usize..20, 1_i64..300, 0..DAYS).prop_map(|(pay, rupees, day)| Step::GiveBack(pay, rupees, day)),
        1 => (0_usize..20, 1_i64..300).prop_map(|(bill, rupees)| Step::WriteOff(bill, rupees)),
        2 => Just(Step::Invoice),
        3 => (0_usize..20, 2_u8..=5, 0_i64..40).prop_map(|(invoice, number, first)| Step::Agree(invoice, number, first)),
        2 => (0_usize..20, any::<bool>()).prop_map(|(invoice, is_credit)| Step::Note(invoice, is_credit)),
    ];
    proptest::collection::vec(step, 5..40)
}

/// Days past due at which the company's buckets end.
fn ends() -> impl Strategy<Value = BTreeSet<i32>> {
    proptest::collection::btree_set(1_i32..30, 1..=4)
}

struct Ground {
    tenant: Tenant,
    shop: Shop,
    bills: Vec<EntryId>,
    payments: Vec<String>,
    invoices: Vec<Issued>,
}

/// Takes a step; whether it was done.
fn take(ground: &mut Ground, step: &Step) -> bool {
    let (tenant, shop) = (&ground.tenant, &ground.shop);
    let who = "Asha Owner";
    let payment = |place: usize| {
        let number = ground.payments.len();
        (number > 0).then(|| ground.payments[place % number].clone())
    };
    let bill = |place: usize| {
        let number = ground.bills.len();
        (number > 0).then(|| ground.bills[place % number])
    };
    match *step {
        Step::Bill(rupees, day, terms) => {
            let bill = owes(tenant, shop, rupees, (day, day - terms.max(0)));
            ground.bills.push(bill);
            true
        }
        Step::Pay(rupees, day) => {
            let number = pays(tenant, shop, (Method::Cheque, rupees), day);
            ground.payments.push(number);
            true
        }
        Step::Oldest(place) => payment(place).is_some_and(|number| {
            within(tenant, |scope| {
                payments::set(scope, who, &number, &How::OldestFirst)
            })
            .is_ok()
        }),
        Step::Part(place, at, rupees) => {
            let (Some(number), Some(bill)) = (payment(place), bill(at)) else {
                return false;
            };
            let how = How::ByHand(vec![(bill, Money::from_rupees(rupees))]);
            within(tenant, |scope| payments::set(scope, who, &number, &how))
                .is_ok_and(|done| done.is_ok())
        }
        Step::TakeOff(place) => payment(place).is_some_and(|number| {
            within(tenant, |scope| {
                payments::take_off(scope, who, &number, None)
            })
            .is_ok()
        }),
        Step::Bounce(place, day) => payment(place).is_some_and(|number| {
            let on = ago(tenant, day);
            within(tenant, |scope| {
                payments::bounce(scope, who, &number, (on, "Funds insufficient"))
            })
            .is_ok()
        }),
        Step::GiveBack(place, rupees, day) => payment(place).is_some_and(|number| {
            let refund = Refund {
                amount: Money::from_rupees(rupees),
                method: Method::Neft,
                paid_on: ago(tenant, day),
                reference: None,
                note: None,
            };
            within(tenant, |scope| {
                payments::refund(scope, who, &number, &refund)
            })
            .is_ok()
        }),
        Step::WriteOff(at, rupees) => bill(at).is_some_and(|debit| {
            let loss = WriteOff {
                customer: shop.customer,
                debit,
                amount: Money::from_rupees(rupees),
                reason: "Shop closed".to_owned(),
            };
            within(tenant, |scope| payments::write_off(scope, who, &loss)).is_ok()
        }),
        Step::Invoice => {
            let invoice = an_invoice(tenant, shop);
            ground.bills.push(EntryId::from(invoice.id.uuid()));
            ground.invoices.push(invoice);
            true
        }
        Step::Note(at, is_credit) => note(ground, at, is_credit),
        Step::Agree(at, number, first) => agreed(ground, at, (number, first)),
    }
}

/// Agrees on so many instalments of an invoice, a week apart, the first one so many days from now; whether it was done.
fn agreed(ground: &Ground, at: usize, (number, first): (u8, i64)) -> bool {
    let invoices = ground.invoices.len();
    if invoices == 0 {
        return false;
    }
    let (tenant, bill) = (&ground.tenant, ground.invoices[at % invoices].id);
    let bill = EntryId::from(bill.uuid());
    let first = ago(tenant, -first);
    within(tenant, |scope| {
        let open = OpenItem::find(scope, bill)?.open;
        let Ok(parts) = equal_parts(open, number, (first, Every::Week)) else {
            return Ok(Err(Said::new("Nothing is open.")));
        };
        let wanted = Agreement {
            customer: ground.shop.customer,
            bill,
            known: Plan::standing(scope, bill)?,
            parts,
            reason: None,
        };
        agree(scope, "Asha Owner", &wanted)
    })
    .unwrap()
    .is_ok()
}

/// Instalments are never below zero, come to what is open of their bill, and ask for what is due; so many bills have some.
fn instalments_hold(ground: &Ground) -> Result<u32, TestCaseError> {
    let tenant = &ground.tenant;
    let bills: Vec<EntryId> = ground
        .invoices
        .iter()
        .map(|bill| EntryId::from(bill.id.uuid()))
        .collect();
    let owed = within(tenant, |scope| Owed::of(scope, &bills)).unwrap();
    let mut agreed = 0;
    for one in owed.iter().filter(|one| one.has_parts()) {
        agreed += 1;
        let parts = one.parts();
        for part in &parts {
            prop_assert!(
                !part.open.is_negative() && part.open <= part.amount,
                "{part:?}"
            );
        }
        prop_assert_eq!(parts.iter().map(|part| part.open).sum::<Money>(), one.open);
        for weeks in 0..8 {
            let day = ago(tenant, -7 * weeks);
            let come = parts.iter().filter(|part| part.due_on <= day);
            let come: Money = come.map(|part| part.open).sum();
            let next = parts.iter().find(|part| !part.open.is_zero());
            let wanted = if come.is_zero() {
                next.map(|part| part.open)
            } else {
                Some(come)
            };
            prop_assert_eq!(due_now(&parts, day).map(|due| due.amount), wanted);
        }
    }
    Ok(agreed)
}

/// Writes a note on an invoice; whether it was done. A debit note is a bill of its own.
fn note(ground: &mut Ground, at: usize, is_credit: bool) -> bool {
    let number = ground.invoices.len();
    if number == 0 {
        return false;
    }
    let done = try_note(&ground.tenant, &ground.invoices[at % number], is_credit);
    let Ok(Ok(note)) = done else {
        return false;
    };
    if !is_credit {
        ground.bills.push(EntryId::from(note.id.uuid()));
    }
    true
}

/// A connection that sees what the company sees.
fn as_company(tenant: &Tenant) -> PgConnection {
    let mut pg = tenant.app.owner();
    pg.batch_execute(&format!(
        "begin; select set_config('role', 'mandi_app', true), set_config('app.tenant_id', '{}', true), set_config('app.customer_id', '', true)",
        tenant.id
    ))
    .unwrap();
    pg
}

/// The days on which the books disagree: what is open by side and age, the balance, the entries up to then.
fn faults(ground: &Ground) -> String {
    let customer = ground.shop.customer;
    let mut pg = as_company(&ground.tenant);
    let (from, to) = (ago(&ground.tenant, DAYS + 5), ago(&ground.tenant, -5));
    ask_on(
        &mut pg,
        &format!(
            "select coalesce(string_agg(concat_ws(' ', f.day, 'open', f.open, 'of one', f.of_one, 'least', f.least, 'balance', f.balance, 'entries', f.entries), '; '), '') as value from (
               select d.day, o.open, o.least, p.of_one, balance_on('{customer}', d.day) as balance,
                      (select coalesce(sum(e.amount), 0) from ledger_entries e where e.customer_id = '{customer}' and e.entry_date <= d.day) as entries
                 from (select '{from}'::date + n as day from generate_series(0, '{to}'::date - '{from}'::date) n) d
                 cross join lateral (select coalesce(sum(case side when 'debit' then open else -open end), 0) as open, coalesce(min(open), 0) as least from open_on(d.day, '{customer}')) o
                 cross join lateral (select coalesce(sum(case side when 'debit' then open else -open end), 0) as of_one from open_of('{customer}', d.day)) p
             ) f where f.open <> f.balance or f.of_one <> f.open or f.balance <> f.entries or f.least < 0"
        ),
    )
}

/// Something that is open on a day, as lists name it.
#[derive(Debug, QueryableByName)]
struct Open {
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = Text)]
    side: String,
    #[diesel(sql_type = Date)]
    due_on: NaiveDate,
    #[diesel(sql_type = Numeric)]
    open: Money,
}

impl Open {
    /// Its place in a row of figures, worked out a second time on purpose: money of the customer, what is not due, then what is late.
    fn place(&self, ends: &[i32]) -> usize {
        let late = self.day.signed_duration_since(self.due_on).num_days();
        match (self.side.as_str(), late) {
            ("credit", _) => 0,
            (_, ..1) => 1,
            _ => {
                let mut place = 2;
                for end in ends {
                    if late > i64::from(*end) {
                        place += 1;
                    }
                }
                place
            }
        }
    }

    fn is_last_day_of_a_bucket(&self, ends: &[i32]) -> bool {
        let late = self.day.signed_duration_since(self.due_on).num_days();
        self.side == "debit" && ends.iter().any(|end| i64::from(*end) == late)
    }
}

/// A day and what the customer's account came to on it.
#[derive(QueryableByName)]
struct Balance {
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = Numeric)]
    balance: Money,
}

/// How many open items the buckets were compared by: all that were past their day, and those on the last day of a bucket.
#[derive(Default)]
struct Seen {
    late: AtomicU32,
    on_the_edge: AtomicU32,
}

/// Every fifth day from before the first step to after today: its buckets are what the lists of that day name, and come to its balance.
fn buckets_hold(ground: &Ground, ends: &[i32], seen: &Seen) -> Result<(), TestCaseError> {
    let (tenant, customer) = (&ground.tenant, ground.shop.customer);
    let (first, last) = (ago(tenant, DAYS + 5), ago(tenant, -5));
    let days = format!("generate_series('{first}'::date, '{last}'::date, interval '5 days') d");
    let mut pg = as_company(tenant);
    let open: Vec<Open> = diesel::sql_query(format!(
        "select d::date as day, o.side, o.due_on, o.open from {days} cross join lateral open_on(d::date, '{customer}') o"
    ))
    .load(&mut pg)
    .unwrap();
    let balances: Vec<Balance> = diesel::sql_query(format!(
        "select d::date as day, balance_on('{customer}', d::date) as balance from {days} order by 1"
    ))
    .load(&mut pg)
    .unwrap();
    prop_assert_eq!(balances.len(), 15);
    let ageings: Vec<[Ageing; 2]> = within(tenant, |scope| {
        let mut found = Vec::new();
        for known in &balances {
            found.push([
                Ageing::of(scope, Some(customer), known.day)?,
                Ageing::of(scope, None, known.day)?,
            ]);
        }
        Ok(found)
    })
    .unwrap();
    for (known, [of_one, of_all]) in balances.iter().zip(&ageings) {
        let mut sums = vec![Sum::default(); ends.len() + 3];
        for item in open.iter().filter(|item| item.day == known.day) {
            let place = item.place(ends);
            sums[place].items += 1;
            if item.side == "credit" {
                sums[place].amount -= item.open;
            } else {
                sums[place].amount += item.open;
            }
            if place > 1 {
                seen.late.fetch_add(1, Ordering::Relaxed);
            }
            if item.is_last_day_of_a_bucket(ends) {
                seen.on_the_edge.fetch_add(1, Ordering::Relaxed);
            }
        }
        prop_assert_eq!(&of_one.ends, ends, "{}", known.day);
        prop_assert_eq!(&of_one.sums, &sums, "{}, {:?}", known.day, ends);
        prop_assert_eq!(of_one.total(), known.balance, "{}", known.day);
        // The company has no other customer.
        prop_assert_eq!(of_all, of_one, "{}", known.day);
    }
    Ok(())
}

/// A shop of a company whose buckets end at these days.
fn ground_with(ends: &[i32]) -> Ground {
    let tenant = tenant();
    let shop = shop_of(&tenant);
    let days: Vec<String> = ends.iter().map(i32::to_string).collect();
    run(
        tenant.app,
        &format!(
            "insert into accounting_settings (tenant_id, id, age_buckets) values ('{}', gen_random_uuid(), '{{{}}}')",
            tenant.id,
            days.join(",")
        ),
    );
    Ground {
        tenant,
        shop,
        bills: Vec::new(),
        payments: Vec::new(),
        invoices: Vec::new(),
    }
}

#[test]
fn what_is_open_on_any_day_comes_to_the_balance_of_that_day() {
    let mut runner = TestRunner::new(Config {
        cases: 40,
        failure_persistence: None,
        ..Config::default()
    });
    let (taken, refused) = (AtomicU32::new(0), AtomicU32::new(0));
    let (noted, seen) = (AtomicU32::new(0), Seen::default());
    let agreed = AtomicU32::new(0);
    runner
        .run(&(steps(), ends()), |(steps, ends)| {
            // given
            let ends: Vec<i32> = ends.into_iter().collect();
            let mut ground = ground_with(&ends);

            // when
            for step in &steps {
                let is_taken = take(&mut ground, step);
                let count = if is_taken { &taken } else { &refused };
                count.fetch_add(1, Ordering::Relaxed);
                if is_taken && matches!(step, Step::Note(..)) {
                    noted.fetch_add(1, Ordering::Relaxed);
                }
            }

            // then
            prop_assert_eq!(faults(&ground), "");
            buckets_hold(&ground, &ends, &seen)?;
            agreed.fetch_add(instalments_hold(&ground)?, Ordering::Relaxed);
            sound(&ground.tenant);
            Ok(())
        })
        .unwrap();
    // Nothing is proved by steps that are all refused, or all taken; nor by buckets with nothing in them.
    let [taken, refused] = [taken.into_inner(), refused.into_inner()];
    let [noted, late, on_the_edge] =
        [noted, seen.late, seen.on_the_edge].map(AtomicU32::into_inner);
    println!(
        "{taken} steps taken, {noted} of them notes, {refused} refused; {late} late, {on_the_edge} on the last day of a bucket"
    );
    assert!(
        taken > 200 && refused > 50,
        "{taken} taken, {refused} refused"
    );
    let agreed = agreed.into_inner();
    assert!(agreed > 3, "{agreed} bills with instalments");
    assert!(
        noted > 3 && late > 100 && on_the_edge > 3,
        "{noted} notes; {late} late, {on_the_edge} on the last day of a bucket"
    );
}
