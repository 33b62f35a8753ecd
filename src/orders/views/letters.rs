//! Letters about orders, to either side.

use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::orders::actions::letters::Kind;
use crate::orders::model::{Order, OrderLine, Readers};
use crate::orders::packs::Pack;
use crate::web::filters;
use askama::Template;
use rust_decimal::Decimal;

/// So many lines stand in a letter; the rest is counted.
const MOST: usize = 20;

/// Who reads the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The customer.
    Customer,
    /// The company.
    Company,
}

/// What a letter is made of.
pub struct Told<'a> {
    pub kind: Kind,
    pub shipment: Option<&'a str>,
    /// The shipment's bill, where it has one: its number and total.
    pub bill: Option<(&'a str, Money)>,
    pub order: &'a Order,
    pub lines: &'a [OrderLine],
    pub readers: &'a Readers,
    /// Address of the installation, without a slash at the end.
    pub base: &'a str,
}

impl Told<'_> {
    /// Which letter, for the outbox.
    pub fn letter_kind(&self) -> &'static str {
        match self.kind {
            Kind::Placed => "order-placed",
            Kind::Confirmed => "order-confirmed",
            Kind::Held => "order-held",
            Kind::Released => "order-released",
            Kind::Cancelled => "order-cancelled",
            Kind::LinesCancelled => "order-lines-cancelled",
            Kind::Sent => "order-sent",
            Kind::Delivered => "order-delivered",
            Kind::Returned => "order-returned",
        }
    }

    fn headline(&self, side: Side) -> Said {
        let said = match (self.kind, side) {
            (Kind::Placed, Side::Customer) => Said::new("{company} has your order {number}."),
            (Kind::Placed, Side::Company) => Said::new("{customer} has a new order, {number}."),
            (Kind::Confirmed, _) => Said::new("Order {number} is confirmed."),
            (Kind::Held, _) => Said::new("Order {number} is on hold."),
            (Kind::Released, _) => Said::new("Order {number} is no longer on hold."),
            (Kind::Cancelled, _) => Said::new("Order {number} is cancelled."),
            (Kind::LinesCancelled, _) => Said::new("Part of order {number} won't come."),
            (Kind::Sent, _) => Said::new("Shipment {shipment} of order {number} is on its way."),
            (Kind::Delivered, _) => Said::new("Shipment {shipment} of order {number} has arrived."),
            (Kind::Returned, _) => {
                Said::new("Shipment {shipment} of order {number} came back undelivered.")
            }
        };
        said.with("number", &self.order.number)
            .with("company", &self.readers.company)
            .with("customer", &self.readers.name)
            .with("shipment", self.shipment.unwrap_or_default())
    }

    /// What the reader should know besides: why it waits, why it is cancelled, who placed it.
    fn more(&self, lang: Lang) -> Vec<String> {
        let mut more = Vec::new();
        if let Some((bill, amount)) = self.bill {
            let said = Said::new("Its bill {bill} comes to {amount}.")
                .with("bill", bill)
                .with("amount", amount);
            more.push(lang.say(&said));
        }
        if self.order.source == "staff" && self.kind == Kind::Placed {
            let said = Said::new("{name} placed it for {customer}.")
                .with("name", &self.order.placed_by_name)
                .with("customer", &self.readers.name);
            more.push(lang.say(&said));
        }
        if let Some(reason) = self.order.hold_reason() {
            more.push(lang.say(&reason));
        }
        if let Some(reason) = &self.order.cancel_reason {
            more.push(lang.say(&Said::new("Reason: {reason}").with("reason", reason)));
        }
        more
    }

    /// What the order comes to; beside a bill, which is what is to be paid, it says that it is what was ordered.
    fn total(&self) -> Said {
        let said = match self.bill {
            Some(_) => Said::new("The whole order with tax: {total}"),
            None => Said::new("Total with tax: {total}"),
        };
        said.with("total", self.order.total)
    }

    fn link(&self, side: Side) -> Option<String> {
        let (base, slug, number) = (self.base, &self.readers.slug, &self.order.number);
        match side {
            Side::Company => Some(format!("{base}/c/{slug}/orders/{number}")),
            Side::Customer => {
                let retailer = self.readers.retailer.as_deref()?;
                Some(format!("{base}/r/{retailer}/{slug}/orders/{number}"))
            }
        }
    }
}

/// A line in a letter.
pub struct LetterRow {
    pub name: String,
    pub quantity: String,
    pub amount: String,
    /// What of it won't come, in words.
    pub cancelled: Option<String>,
}

/// A letter in its reader's language.
pub struct OrderLetter {
    pub subject: String,
    pub name: String,
    pub headline: String,
    pub more: Vec<String>,
    pub rows: Vec<LetterRow>,
    pub others: usize,
    pub total: String,
    pub link: Option<String>,
}

fn row(lang: Lang, line: &OrderLine) -> LetterRow {
    let gone = line.cancelled_qty > Decimal::ZERO;
    let pack = Pack::of_line(line);
    LetterRow {
        name: line.name.clone(),
        quantity: pack.words(line.billable(), lang),
        amount: line.total.to_string(),
        cancelled: gone.then(|| {
            let said = Said::new("{quantity} won't come");
            lang.say(&said.with("quantity", pack.words(line.cancelled_qty, lang)))
        }),
    }
}

impl OrderLetter {
    pub fn new(told: &Told, lang: Lang, side: Side) -> Self {
        let headline = lang.say(&told.headline(side));
        Self {
            subject: headline.trim_end_matches(['.', '।']).to_owned(),
            name: match side {
                Side::Customer => told.readers.name.clone(),
                Side::Company => told.readers.company.clone(),
            },
            headline,
            more: told.more(lang),
            rows: told
                .lines
                .iter()
                .take(MOST)
                .map(|line| row(lang, line))
                .collect(),
            others: told.lines.len().saturating_sub(MOST),
            total: lang.say(&told.total()),
            link: told.link(side),
        }
    }
}

/// The letter as text.
#[derive(Template)]
#[template(path = "mail/order.txt")]
pub struct OrderText<'a> {
    pub letter: &'a OrderLetter,
}

/// The letter as HTML.
#[derive(Template)]
#[template(path = "mail/order.html")]
pub struct OrderHtml<'a> {
    pub lang: Lang,
    pub letter: &'a OrderLetter,
}
