//! Buyers who order while the program is killed.

use super::{
    Killer, books_are_sound, every_job_ends, letters_go_once, nothing_is_locked, rounds, send,
    short_lease,
};
use crate::support::PASSWORD;
use crate::support::process;
use crate::support::shops::{Market, checkout};

/// A request that may not have got its answer.
struct Sent {
    browser: usize,
    path: String,
    fields: Vec<(String, String)>,
    /// Where the answer led; nothing when none came.
    answer: Option<String>,
}

#[test]
fn checkouts_survive_the_kill() {
    // given
    let urls = process::database("crash_checkout");
    let mut market = Market::new(
        &urls.owner,
        6,
        &[("SOAP", "40", "100000"), ("RICE", "90", "100000")],
    );
    let killer = Killer::new();
    let mut process = process::serve(&short_lease(&urls));
    market = market.signed_in(std::slice::from_ref(&process), PASSWORD);
    let mut placed = 0;
    for round in 1..=rounds() {
        // when six shops order as fast as they can, until the process is gone
        let sent: Vec<Sent> = std::thread::scope(|scope| {
            let shoppers: Vec<_> = (0..market.shops.len())
                .map(|place| {
                    let market = &market;
                    scope.spawn(move || shop_until_it_breaks(market, place))
                })
                .collect();
            killer.strike(&process, &urls, (150, 900));
            shoppers
                .into_iter()
                .flat_map(|shopper| shopper.join().unwrap())
                .collect()
        });
        process = process::serve(&short_lease(&urls));
        market.moved_to(&process);

        // then whoever had no answer gets one now, and each order is there once
        for one in &sent {
            let Some(answer) = &one.answer else {
                let (status, to) = send(
                    &market.shops[one.browser].browsers[0],
                    &one.path,
                    &one.fields,
                )
                .unwrap();
                assert!(to.contains("/orders/SO-"), "round {round}: {status} {to}");
                continue;
            };
            let number = answer
                .rsplit('/')
                .next()
                .unwrap()
                .split('?')
                .next()
                .unwrap();
            assert_eq!(
                market.ask(&format!(
                    "select count(*)::text as value from orders where number = '{number}'"
                )),
                "1"
            );
        }
        placed += sent.len();
        assert_eq!(
            market.ask("select count(*)::text as value from orders"),
            placed.to_string(),
            "round {round}"
        );
        nothing_is_locked(&urls);
        books_are_sound(&urls, &format!("checkout {round}"));
    }
    killer.has_hit("checkout");
    every_job_ends(&urls);
    letters_go_once(&urls, placed);
}

/// Fills the cart and orders, again and again; the last request has no answer.
fn shop_until_it_breaks(market: &Market, place: usize) -> Vec<Sent> {
    let shop = &market.shops[place];
    let path = format!("/r/{}/{}/orders", shop.slug, market.company);
    let mut sent = Vec::new();
    loop {
        let Some(fields) = checkout(market, shop, &[("SOAP", "3"), ("RICE", "2")]) else {
            return sent;
        };
        let answer = send(&shop.browsers[0], &path, &fields);
        let is_lost = answer.is_none();
        sent.push(Sent {
            browser: place,
            path: path.clone(),
            fields,
            answer: answer.map(|(status, to)| {
                assert_eq!(status, 303, "{to}");
                to
            }),
        });
        if is_lost {
            return sent;
        }
    }
}
