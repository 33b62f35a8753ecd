//! Many buyers at once.

use super::{OVERLAP, Watch, books_are_sound, nobody_was_in_anybodys_way, two};
use crate::support::process::{self, Process};
use crate::support::shops::{Market, checkout};
use crate::support::{PASSWORD, until};
use std::sync::Barrier;

/// All at once: what each was answered, its status and where it was sent.
fn at_once(
    market: &Market,
    processes: &[Process],
    forms: Vec<Vec<(String, String)>>,
) -> Vec<(u16, String, String)> {
    let barrier = Barrier::new(forms.len());
    let barrier = &barrier;
    std::thread::scope(|scope| {
        let threads: Vec<_> = forms
            .into_iter()
            .enumerate()
            .map(|(place, form)| {
                let shop = &market.shops[place % market.shops.len()];
                let browser = shop.browsers[place % processes.len()].clone();
                let path = format!("/r/{}/{}/orders", shop.slug, market.company);
                scope.spawn(move || {
                    let fields: Vec<(&str, &str)> = form
                        .iter()
                        .map(|(name, value)| (name.as_str(), value.as_str()))
                        .collect();
                    barrier.wait();
                    let page = browser.post(&path, &fields);
                    (page.status, page.header("location").to_owned(), page.html)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

#[test]
fn two_hundred_buyers_want_the_last_hundred_units() {
    // given
    let urls = process::database("races_last_units");
    let market = Market::new(&urls.owner, 200, &[("LAST", "40", "100")]);
    let processes = two(&urls, "35");
    let market = market.signed_in(&processes, PASSWORD);
    let forms: Vec<_> = market
        .shops
        .iter()
        .map(|shop| checkout(&market, shop, &[("LAST", "1")]).unwrap())
        .collect();

    // when
    let watch = Watch::begin(&urls.superuser);
    let answers = at_once(&market, &processes, forms);
    let overlapped = watch.end();

    // then
    assert!(
        overlapped >= OVERLAP,
        "only {overlapped} transactions overlapped"
    );
    let (sold, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|(status, ..)| *status == 303);
    assert_eq!(
        sold.len(),
        100,
        "{:?}",
        answers
            .iter()
            .map(|(status, ..)| status)
            .collect::<Vec<_>>()
    );
    assert!(sold.iter().all(|(_, to, _)| to.contains("/orders/SO-")));
    for (status, _, html) in refused {
        assert_eq!(*status, 422);
        assert!(
            html.contains("There is not enough of Product LAST."),
            "it is not said what is short"
        );
    }
    assert_eq!(
        market.ask("select count(*)::text as value from orders"),
        "100"
    );
    assert_eq!(
        market.ask("select concat_ws(' ', on_hand, reserved) as value from stock_levels"),
        "100.000 100.000"
    );
    nobody_was_in_anybodys_way(&processes);
    books_are_sound(&urls.owner);
}

#[test]
fn a_race_that_is_none_is_seen() {
    // given more buyers than have to overlap, at programs that let one in after the other: a connection each, and one for their jobs
    let urls = process::database("races_control");
    let buyers = usize::try_from(OVERLAP).unwrap() + 10;
    let market = Market::new(&urls.owner, buyers, &[("LAST", "40", "100")]);
    let processes = two(&urls, "2");
    let market = market.signed_in(&processes, PASSWORD);
    let forms: Vec<_> = market
        .shops
        .iter()
        .map(|shop| checkout(&market, shop, &[("LAST", "1")]).unwrap())
        .collect();

    // when
    let watch = Watch::begin(&urls.superuser);
    let answers = at_once(&market, &processes, forms);

    // then the race is seen to be none, though all of them have bought
    let overlapped = watch.end();
    assert!(overlapped < OVERLAP, "{overlapped}");
    assert_eq!(answers.len(), buyers);
    assert!(answers.iter().all(|(status, ..)| *status == 303));
}

#[test]
fn carts_in_opposite_order_do_not_wait_for_each_other() {
    // given
    let urls = process::database("races_opposite");
    let market = Market::new(
        &urls.owner,
        40,
        &[("AAA", "40", "1000"), ("ZZZ", "60", "1000")],
    );
    let processes = two(&urls, "30");
    let market = market.signed_in(&processes, PASSWORD);
    let forms: Vec<_> = market
        .shops
        .iter()
        .enumerate()
        .map(|(place, shop)| {
            let lines = if place % 2 == 0 {
                [("AAA", "2"), ("ZZZ", "3")]
            } else {
                [("ZZZ", "3"), ("AAA", "2")]
            };
            checkout(&market, shop, &lines).unwrap()
        })
        .collect();

    // when
    let answers = at_once(&market, &processes, forms);

    // then
    assert!(
        answers.iter().all(|(status, ..)| *status == 303),
        "{answers:?}"
    );
    assert_eq!(
        market.ask(
            "select string_agg(reserved::text, ' ' order by reserved) as value from stock_levels"
        ),
        "80.000 120.000"
    );
    nobody_was_in_anybodys_way(&processes);
    books_are_sound(&urls.owner);
}

#[test]
fn one_cart_on_two_devices_with_double_clicks_is_one_order() {
    // given
    let urls = process::database("races_one_cart");
    let market = Market::new(&urls.owner, 1, &[("SOAP", "40", "1000")]);
    let processes = two(&urls, "30");
    let market = market.signed_in(&processes, PASSWORD);
    let shop = &market.shops[0];
    // Two devices have the checkout open, each with a key of its own; each is clicked three times.
    let first = checkout(&market, shop, &[("SOAP", "5")]).unwrap();
    let second = checkout(&market, shop, &[("SOAP", "5")]).unwrap();
    let forms = vec![
        first.clone(),
        second.clone(),
        first.clone(),
        second.clone(),
        first,
        second,
    ];

    // when
    let answers = at_once(&market, &processes, forms);

    // then
    let led: Vec<&String> = answers
        .iter()
        .filter(|(status, ..)| *status == 303)
        .map(|(_, to, _)| to)
        .collect();
    assert!(
        !led.is_empty() && led.iter().all(|to| *to == led[0]),
        "{answers:?}"
    );
    assert!(
        answers
            .iter()
            .all(|(status, ..)| [303, 409].contains(status)),
        "{answers:?}"
    );
    assert_eq!(
        market.ask("select count(*)::text as value from orders"),
        "1"
    );
    assert_eq!(
        market.ask("select reserved::text as value from stock_levels"),
        "5.000"
    );
    until("the letters' job is there", || {
        market.ask("select count(*)::text as value from jobs where kind = 'orders.letters'") == "1"
    });
    books_are_sound(&urls.owner);
}
