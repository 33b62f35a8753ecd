//! Every link of every screen leads somewhere, for the person who sees it.

use super::screens::{Screen, World};
use crate::support::{Browser, Page, tenant};
use std::collections::HashSet;

/// The addresses that a page links to on its own host, without downloads and without places of the page itself.
fn links(page: &Page, who: &Browser) -> HashSet<String> {
    page.attributes("a[href]", "href")
        .iter()
        .filter(|href| !href.starts_with('#'))
        .map(|href| page.resolve(href))
        .filter(|href| href.starts_with(&who.url("/")))
        .map(|href| href.split('#').next().unwrap_or_default().to_owned())
        .filter(|href| !href.contains("/export") && !href.contains("sign-out"))
        .collect()
}

/// Links of these screens that do not answer, and how many were followed. Each address is asked once by each person.
fn dead_links(screens: &[Screen]) -> (Vec<String>, usize) {
    let (mut dead, mut asked) = (Vec::new(), HashSet::new());
    for screen in screens.iter().filter(|screen| screen.sends.is_none()) {
        let page = screen.who.open(&screen.path);
        for link in links(&page, &screen.who) {
            if !asked.insert((screen.who.cookies(), link.clone())) {
                continue;
            }
            let status = screen.who.get(&link).status;
            if status >= 400 {
                dead.push(format!("{} links to {link}: {status}", screen.name));
            }
        }
    }
    (dead, asked.len())
}

#[test]
fn every_link_of_every_screen_answers() {
    // given
    let world = World::new();
    let (mut screens, unvisited) = world.screens(mandi::app::routes().table());
    assert_eq!(unvisited, Vec::<String>::new());
    screens.extend(world.wrong_addresses());

    // when
    let (dead, asked) = dead_links(&screens);

    // then
    assert_eq!(dead, Vec::<String>::new());
    assert!(asked > screens.len(), "only {asked} links were followed");
}

#[test]
fn a_link_that_leads_nowhere_is_reported() {
    // given: a page of ours as it was served, and a link planted in it
    let tenant = tenant();
    let mut page = tenant.owner.open(&tenant.path("/"));
    let gone = tenant.path("/gone");
    page.html = page.html.replace(
        "</main>",
        &format!("<a href='{gone}'>Gone</a><a href='/c/export'>Download</a><a href='https://elsewhere.example/'>Elsewhere</a></main>"),
    );

    // when
    let found = links(&page, &tenant.owner);

    // then: it is among those that are asked, the others are not, and it is the only one that does not answer
    let dead: Vec<&String> = found
        .iter()
        .filter(|link| tenant.owner.get(link).status >= 400)
        .collect();
    assert_eq!(dead, [&tenant.owner.url(&gone)]);
    assert!(
        !found
            .iter()
            .any(|link| link.contains("export") || link.contains("elsewhere"))
    );
}
