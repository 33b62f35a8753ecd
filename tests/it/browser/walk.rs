//! Every screen through every check.

use super::checks::{self, CLOSE_WIDTHS, WIDTHS};
use super::screens::{Screen, World, routes};
use crate::support::{Page, Window};
use mandi::platform::permissions::DoorKind;

/// Opens the screen in a window, as far as the state that is to be checked.
fn show(window: &Window, screen: &Screen) {
    window.go(&screen.who.url(&screen.path));
    let Some((form, fields)) = screen.sends else {
        return;
    };
    for (name, value) in fields {
        window.fill_at(&format!("{form} [name={name:?}]"), value);
    }
    // The one that a person would press: forms may have others beside it, and a first one that only Enter presses.
    let (main, any) = (
        format!("{form} button.primary:not(.vh)"),
        format!("{form} button:not([type=button]):not(.vh)"),
    );
    window.click(if window.has(&main) { &main } else { &any });
    if screen.status == 422 {
        window.until("document.querySelector('#errors, .error, #outcome, main [role=alert]')");
    }
}

/// The same without a browser: what the server sends.
fn served(screen: &Screen) -> Page {
    let page = screen.who.open(&screen.path);
    match screen.sends {
        None => page,
        Some((form, fields)) => fields
            .iter()
            .fold(page.form(form), |form, (name, value)| {
                form.fill(name, value)
            })
            .submit(),
    }
}

fn check(window: &Window, screen: &Screen) -> Vec<String> {
    let served = served(screen);
    let mut found = checks::inline(served.is(screen.status));

    // A first visit at a desk: what it costs.
    window.become_somebody(&screen.who);
    window.empty_cache();
    window.resize(1440);
    show(window, screen);
    // The window is where it is thought to be: the page with the same heading as the one that was served.
    let heading = window.text("h1");
    let shown = [heading.split_whitespace().collect::<Vec<_>>().join(" ")];
    if served.texts("h1") != shown {
        found.push(format!("the window shows {shown:?}"));
    }
    if screen.sends.is_none() {
        found.extend(checks::budget(window));
    }
    found.extend(checks::layout_shift(window));
    found.extend(checks::heading(window));
    for width in CLOSE_WIDTHS {
        found.extend(checks::accessibility(window, width));
    }
    found.extend(
        WIDTHS
            .map(|width| checks::width(window, width))
            .into_iter()
            .flatten(),
    );
    found.extend(checks::complaints(window));

    // On a phone from the start, then without scripts.
    if screen.sends.is_none() {
        window.resize(390);
        window.go(&screen.who.url(&screen.path));
        found.extend(checks::layout_shift(window));
        found.extend(checks::width(window, 390));
        window.run_scripts(false);
        window.go(&screen.who.url(&screen.path));
        let without = checks::heading(window)
            .into_iter()
            .chain(
                CLOSE_WIDTHS
                    .map(|width| checks::width(window, width))
                    .into_iter()
                    .flatten(),
            )
            .map(|fault| format!("without scripts: {fault}"));
        found.extend(without);
        window.run_scripts(true);
    }
    found.extend(checks::complaints(window));
    found
        .into_iter()
        .map(|fault| format!("{}: {fault}", screen.name))
        .collect()
}

fn walk(doors: &[DoorKind]) {
    let (world, window) = (World::new(), Window::open());
    let (mut screens, unvisited) = world.screens(&routes(doors));
    assert_eq!(unvisited, Vec::<String>::new(), "pages that nobody visits");
    if doors.contains(&DoorKind::Anyone) {
        screens.extend(world.wrong_addresses());
    }
    let mut found: Vec<String> = Vec::new();
    for screen in &screens {
        // A form that can't be sent is a finding too, and must not hide those of the screens after it.
        let seen =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(&window, screen)));
        let seen = seen.unwrap_or_else(|_| vec![format!("{}: can't be walked", screen.name)]);
        found.extend(seen);
    }
    assert!(
        found.is_empty(),
        "{} findings on {} screens:\n{}",
        found.len(),
        screens.len(),
        found.join("\n")
    );
}

#[test]
fn screens_of_everybody_and_of_the_platform_pass_every_check() {
    walk(&[DoorKind::Anyone, DoorKind::Platform]);
}

#[test]
fn screens_of_people_companies_and_retailers_pass_every_check() {
    walk(&[
        DoorKind::Person,
        DoorKind::Company,
        DoorKind::Retailer,
        DoorKind::Shop,
    ]);
}
