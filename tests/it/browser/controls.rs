//! Controls of the checks: pages planted with one fault each, and what each check says of them.

use super::checks;
use crate::support::{Browser, Window};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::OnceLock;

/// A page without a fault; `{head}` and `{main}` are where faults are planted.
const PAGE: &str = "<!doctype html><html lang='en'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width, initial-scale=1'>
<title>Planted</title><link rel='icon' href='data:,'>{head}</head><body><main>{main}</main></body></html>";

/// Head and main of each planted page.
const PAGES: [(&str, &str, &str); 12] = [
    (
        "/sound",
        "<link rel='stylesheet' href='/plain.css'>",
        "<h1>Sound</h1><p>Nothing is wrong here.</p>",
    ),
    (
        "/pale",
        "<link rel='stylesheet' href='/pale.css'>",
        "<h1>Pale</h1><p>Too pale to read.</p>",
    ),
    ("/unnamed", "", "<h1>Unnamed</h1><input type='text'>"),
    (
        "/wide",
        "",
        "<h1>Wide</h1><svg width='700' height='10' role='img' aria-label='Wide'></svg>",
    ),
    (
        "/inline",
        "<style>p { color: red }</style>",
        "<h1>Inline</h1><p style='color: red'>Red.</p><script>document.title = 'ran'</script>",
    ),
    (
        "/broken",
        "<script src='/broken.js' defer></script>",
        "<h1>Broken</h1>",
    ),
    (
        "/seven",
        "<link rel='stylesheet' href='/1.css'><link rel='stylesheet' href='/2.css'><link rel='stylesheet' href='/3.css'><link rel='stylesheet' href='/4.css'><link rel='stylesheet' href='/5.css'><link rel='stylesheet' href='/6.css'>",
        "<h1>Seven</h1>",
    ),
    (
        "/heavy",
        "<link rel='stylesheet' href='/heavy.css'><script src='/heavy.js' defer></script>",
        "<h1>Heavy</h1>",
    ),
    ("/crowded", "", "<h1>Crowded</h1>{crowd}"),
    (
        "/moving",
        "<script src='/moving.js' defer></script>",
        "<h1>Moving</h1><p>This is pushed down.</p>",
    ),
    ("/twice", "", "<h1>Once</h1><h1>Twice</h1>"),
    (
        "/scripted",
        "<script src='/scripted.js' defer></script>",
        "<p>The heading comes by script.</p>",
    ),
];

/// The server of the planted pages: our own policy, our own kind of page.
fn planted() -> &'static str {
    static BASE: OnceLock<String> = OnceLock::new();
    BASE.get_or_init(|| {
        let policy = Browser::new()
            .open("/sign-in")
            .header("content-security-policy")
            .to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let policy = policy.clone();
                std::thread::spawn(move || answer(stream, &policy));
            }
        });
        base
    })
}

fn answer(mut stream: TcpStream, policy: &str) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let Some(Ok(first)) = lines.next() else {
        return;
    };
    // The rest of the request is read, or closing would look like a fault of the line.
    for line in lines.map_while(Result::ok) {
        if line.is_empty() {
            break;
        }
    }
    let path = first.split(' ').nth(1).unwrap_or_default();
    let (kind, body) = file(path);
    drop(write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Security-Policy: {policy}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    ));
}

fn file(path: &str) -> (&'static str, String) {
    if let Some((_, head, main)) = PAGES.iter().find(|(known, _, _)| *known == path) {
        let page = PAGE
            .replace("{head}", head)
            .replace("{main}", main)
            .replace("{crowd}", &"<p>One of many.</p>".repeat(1_500));
        return ("text/html", page);
    }
    match path {
        "/pale.css" => ("text/css", "p { color: #aaa; background: #fff; }".to_owned()),
        "/heavy.css" => ("text/css", "p { color: black; } ".repeat(2_000)),
        "/heavy.js" => ("text/javascript", "void 0; ".repeat(3_000)),
        "/broken.js" => ("text/javascript", "throw new Error('planted');".to_owned()),
        "/moving.js" => (
            "text/javascript",
            "requestAnimationFrame(() => requestAnimationFrame(() => { const late = document.createElement('img'); late.width = 300; late.height = 300; late.alt = ''; document.querySelector('main').prepend(late); }));".to_owned(),
        ),
        "/scripted.js" => (
            "text/javascript",
            "document.querySelector('main').prepend(Object.assign(document.createElement('h1'), { textContent: 'Late' }));".to_owned(),
        ),
        _ if path.ends_with(".css") => ("text/css", "p { margin: 1em 0; }".to_owned()),
        _ => ("text/plain", String::new()),
    }
}

fn shown(window: &Window, path: &str) {
    window.empty_cache();
    window.go(&format!("{}{path}", planted()));
}

#[track_caller]
fn names(found: &[String], fault: &str) {
    assert!(
        found.iter().any(|words| words.contains(fault)),
        "nothing names {fault:?} in {found:?}"
    );
}

#[test]
fn every_check_names_the_fault_that_was_planted_for_it() {
    let window = Window::open();

    // given: a page without a fault, then every check is silent
    shown(&window, "/sound");
    let mut silent = checks::budget(&window);
    silent.extend(checks::layout_shift(&window));
    silent.extend(checks::heading(&window));
    silent.extend(checks::accessibility(&window, 390));
    silent.extend(checks::width(&window, 390));
    silent.extend(checks::complaints(&window));
    silent.extend(checks::inline(&Browser::on(planted()).open("/sound")));
    assert_eq!(silent, Vec::<String>::new());

    // when, then: text too pale, a field without a name
    shown(&window, "/pale");
    let pale = checks::accessibility(&window, 1440);
    names(&pale, "axe, 1440 px, Light: color-contrast");
    names(&pale, "axe, 1440 px, Dark: color-contrast");
    shown(&window, "/unnamed");
    names(
        &checks::accessibility(&window, 390),
        "axe, 390 px, Light: label",
    );

    // a page wider than a phone, not wider than a desk
    shown(&window, "/wide");
    names(
        checks::width(&window, 390).as_slice(),
        "at 390 px the window is",
    );
    assert_eq!(checks::width(&window, 1440), None);

    // what the policy stops is in the console and in the text that was served
    window.complaints();
    shown(&window, "/inline");
    assert_eq!(window.ask::<String>("document.title"), "Planted");
    let complaints = checks::complaints(&window);
    names(&complaints, "script-src");
    names(&complaints, "style-src");
    assert_eq!(
        checks::inline(&Browser::on(planted()).open("/inline")),
        [
            "the page has [style] inside",
            "the page has style inside",
            "the page has script:not([src]) inside"
        ]
    );
    shown(&window, "/broken");
    names(&checks::complaints(&window), "planted");

    // one request too many, bytes and nodes too many
    shown(&window, "/seven");
    assert_eq!(checks::budget(&window), ["7 requests, at most 6"]);
    shown(&window, "/heavy");
    let heavy = checks::budget(&window);
    names(&heavy, "bytes, at most 51200");
    names(&heavy, "bytes of style, at most 16384");
    names(&heavy, "bytes of script, at most 20480");
    shown(&window, "/crowded");
    names(&checks::budget(&window), "nodes, at most 1500");

    // something that comes late and pushes the rest down
    shown(&window, "/moving");
    window.until("document.querySelector('img')");
    names(
        checks::layout_shift(&window).as_slice(),
        "the layout shifts by",
    );

    // two main headings; a heading that only a script makes
    shown(&window, "/twice");
    names(checks::heading(&window).as_slice(), "[\"Once\", \"Twice\"]");
    shown(&window, "/scripted");
    assert_eq!(checks::heading(&window), None);
    window.run_scripts(false);
    shown(&window, "/scripted");
    assert_eq!(
        checks::heading(&window),
        Some("the main headings are []".to_owned())
    );
}
