//! What the platform says of the demo.

use crate::kernel::language::{Lang, Said};
use crate::platform::demo::{ADMIN, DemoData};

/// What there is of the demo, in words, and the job that takes it away.
pub struct DemoCard {
    pub counts: String,
    pub leaving: Option<String>,
}

impl DemoCard {
    pub fn new(lang: Lang, demo: &DemoData) -> Self {
        let counts = Said::new("{companies}, {retailers} and {people}: all of them invented.");
        Self {
            counts: lang.say(&counted(lang, counts, demo)),
            leaving: demo.leaving.map(|job| format!("/admin/jobs/{job}")),
        }
    }
}

/// A sentence with the demo's companies, retailers and people, each with its number.
fn counted(lang: Lang, said: Said, demo: &DemoData) -> Said {
    said.with(
        "companies",
        lang.say(&Said::new("{count} companies").with("count", demo.companies)),
    )
    .with(
        "retailers",
        lang.say(&Said::new("{count} retailers").with("count", demo.retailers)),
    )
    .with(
        "people",
        lang.say(&Said::new("{count} people").with("count", demo.people)),
    )
}

/// What goes with the demo, and who stays: `admin` asks, and is the demo's own or not.
pub fn demo_effect(lang: Lang, demo: &DemoData, admin: &str) -> String {
    let goes = Said::new(
        "{companies}, {retailers} and {people} go for good, with their products, orders, stock, letters, files and audit log. This can't be undone.",
    );
    let mut sentences = vec![lang.say(&counted(lang, goes, demo))];
    if !demo.names.is_empty() {
        let names = Said::new("The companies are: {names}.").with("names", demo.names.join(", "));
        sentences.push(lang.say(&names));
    }
    if demo.connected > 0 {
        let said = Said::new(
            "{count} real companies sell to retailers of the demo. They keep their customers and orders; the connections end.",
        );
        sentences.push(lang.say(&said.with("count", demo.connected)));
    }
    let stays = if admin == ADMIN {
        Said::new(
            "Your account, {email}, stays. The demo's password is known to everybody: set another one under “Security”.",
        )
    } else {
        Said::new(
            "Your account, {email}, stays, and so does everybody else who runs this installation.",
        )
    };
    sentences.push(lang.say(&stays.with("email", admin)));
    sentences.join(" ")
}
