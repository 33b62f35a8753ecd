//! Whatever happens to a customer, what is open on any day comes to the balance of that day.

use crate::support::books::{ago, owes, pays, within};
use crate::support::trade::{shop_of, sound};
use crate::support::{Shop, Tenant, ask_on, tenant};
use diesel::connection::SimpleConnection;
use mandi::accounting::actions::payments::{self, How, Refund};
use mandi::accounting::rules::payment::Method;
use mandi::kernel::ids::EntryId;
use mandi::kernel::money::Money;
use mandi::ledger::actions::WriteOff;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
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
    ];
    proptest::collection::vec(step, 5..40)
}

struct Ground {
    tenant: Tenant,
    shop: Shop,
    bills: Vec<EntryId>,
    payments: Vec<String>,
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
    }
}

/// The days on which the books disagree: what is open by side and age, the balance, the entries up to then.
fn faults(ground: &Ground) -> String {
    let (tenant, customer) = (ground.tenant.id, ground.shop.customer);
    let mut pg = ground.tenant.app.owner();
    pg.batch_execute(&format!(
        "begin; select set_config('role', 'mandi_app', true), set_config('app.tenant_id', '{tenant}', true), set_config('app.customer_id', '', true)"
    ))
    .unwrap();
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

#[test]
fn what_is_open_on_any_day_comes_to_the_balance_of_that_day() {
    let mut runner = TestRunner::new(Config {
        cases: 40,
        failure_persistence: None,
        ..Config::default()
    });
    let (taken, refused) = (AtomicU32::new(0), AtomicU32::new(0));
    runner
        .run(&steps(), |steps| {
            // given
            let tenant = tenant();
            let shop = shop_of(&tenant);
            let mut ground = Ground {
                tenant,
                shop,
                bills: Vec::new(),
                payments: Vec::new(),
            };

            // when
            for step in &steps {
                let count = if take(&mut ground, step) {
                    &taken
                } else {
                    &refused
                };
                count.fetch_add(1, Ordering::Relaxed);
            }

            // then
            prop_assert_eq!(faults(&ground), "");
            sound(&ground.tenant);
            Ok(())
        })
        .unwrap();
    // Nothing is proved by steps that are all refused, or all taken.
    let [taken, refused] = [taken.into_inner(), refused.into_inner()];
    println!("{taken} steps taken, {refused} refused");
    assert!(
        taken > 200 && refused > 50,
        "{taken} taken, {refused} refused"
    );
}
