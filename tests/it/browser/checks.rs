//! Checks of the page that a window shows. Each returns what it found wrong, in words; nothing means well.

use crate::support::{Page, Theme, Window};
use serde::Deserialize;

/// The widths at which no page may be wider than its window.
pub const WIDTHS: [u32; 6] = [320, 360, 390, 768, 1024, 1440];

/// The widths at which a page is looked at closely: a phone's and a desk's.
pub const CLOSE_WIDTHS: [u32; 2] = [390, 1440];

/// axe-core, vendored.
const AXE: &str = include_str!("../../vendor/axe/axe.min.js");

/// The themes with the rules that are asked in each. The dark one changes colours and nothing else, so only they are looked at again.
const ASKED: [(Theme, &str); 2] = [
    (
        Theme::Light,
        "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']",
    ),
    (
        Theme::Dark,
        "{ type: 'rule', values: ['color-contrast', 'link-in-text-block'] }",
    ),
];

const FAULTS: &str = "(found) => found.violations.map((fault) => fault.id + ': ' + fault.nodes.map((node) => node.html + ' (' + node.any.concat(node.all, node.none).map((why) => why.message).join('; ') + ')').join(' | '))";

/// What axe-core finds at this width, in both themes.
pub fn accessibility(window: &Window, width: u32) -> Vec<String> {
    window.resize(width);
    if !window.ask::<bool>("Boolean(window.axe)") {
        window.ask::<bool>(&format!("{AXE};true"));
    }
    let mut found = Vec::new();
    for (theme, rules) in ASKED {
        window.prefer(theme);
        let faults: Vec<String> = window.ask(&format!(
            "axe.run(document, {{ preload: false, resultTypes: ['violations'], runOnly: {rules} }}).then({FAULTS})"
        ));
        found.extend(
            faults
                .into_iter()
                .map(|fault| format!("axe, {width} px, {theme:?}: {fault}")),
        );
    }
    window.prefer(Theme::Light);
    found
}

/// Whether the page fits this width. A phone shows no scrollbar for an overflow but a larger window, so that is compared as well.
pub fn width(window: &Window, width: u32) -> Option<String> {
    window.resize(width);
    let (inner, page): (u32, u32) =
        window.ask("[innerWidth, document.documentElement.scrollWidth]");
    (inner != width || page > width)
        .then(|| format!("at {width} px the window is {inner} px and the page {page} px wide"))
}

/// What the page weighs.
#[derive(Debug, Deserialize)]
struct Weight {
    requests: u32,
    bytes: u32,
    styles: u32,
    scripts: u32,
    nodes: u32,
}

const WEIGHT: &str = "(() => {
    const page = performance.getEntriesByType('navigation')[0];
    const parts = performance.getEntriesByType('resource').filter((part) => !['img', 'image', 'input'].includes(part.initiatorType));
    const sum = (which) => which.reduce((all, part) => all + part.transferSize, 0);
    return {
        requests: 1 + parts.length,
        bytes: page.transferSize + sum(parts),
        styles: sum(parts.filter((part) => part.initiatorType === 'link' || part.initiatorType === 'css')),
        scripts: sum(parts.filter((part) => part.initiatorType === 'script')),
        nodes: document.querySelectorAll('*').length,
    };
})()";

/// What of a first visit is over the budget of a screen: pictures apart, as sent, headers included.
pub fn budget(window: &Window) -> Vec<String> {
    let weight: Weight = window.ask(WEIGHT);
    // A page that weighs nothing was not measured.
    assert!(weight.bytes > 0, "{} was not measured", window.url());
    [
        ("requests", weight.requests, 6),
        ("bytes", weight.bytes, 50 * 1024),
        ("bytes of style", weight.styles, 16 * 1024),
        ("bytes of script", weight.scripts, 20 * 1024),
        ("nodes", weight.nodes, 1500),
    ]
    .into_iter()
    .filter(|(_, is, most)| is > most)
    .map(|(what, is, most)| format!("{is} {what}, at most {most}"))
    .collect()
}

const SHIFT: &str = "new Promise((tell) => {
    let sum = 0;
    const add = (shifts) => shifts.forEach((shift) => { sum += shift.value; });
    const watch = new PerformanceObserver((list) => add(list.getEntries()));
    watch.observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => { add(watch.takeRecords()); watch.disconnect(); tell(sum); })));
})";

/// Whether something moved after it was shown.
pub fn layout_shift(window: &Window) -> Option<String> {
    let shift: f64 = window.ask(SHIFT);
    (shift > 0.0).then(|| format!("the layout shifts by {shift:.4}"))
}

/// Whether there is one main heading, and it says something.
pub fn heading(window: &Window) -> Option<String> {
    let headings: Vec<String> =
        window.ask("[...document.querySelectorAll('h1')].map((one) => one.innerText.trim())");
    (headings.len() != 1 || headings[0].is_empty())
        .then(|| format!("the main headings are {headings:?}"))
}

/// What the console complained of. The address itself may have been answered with an error on purpose.
pub fn complaints(window: &Window) -> Vec<String> {
    let here = window.url();
    window
        .complaints()
        .into_iter()
        .filter(|complaint| {
            !(complaint.starts_with(here.as_str()) && complaint.contains("the server responded"))
        })
        .map(|complaint| format!("console: {complaint}"))
        .collect()
}

/// What of the served text the policy would stop: scripts and styles inside the page.
pub fn inline(page: &Page) -> Vec<String> {
    [
        "[style]",
        "style",
        "script:not([src])",
        "[onclick], [onload], [onchange], [onsubmit], [onerror], [oninput]",
    ]
    .into_iter()
    .filter(|selector| page.count(selector) > 0)
    .map(|selector| format!("the page has {selector} inside"))
    .collect()
}
