//! The portal's cart and checkout.

use super::portal_catalogue::{Act, GoodRow, Shop, drawing};
use super::portal_prices::next_price;
use crate::kernel::ids::ProductId;
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::orders::actions::{Priced, Quote, Shown};
use crate::orders::forms::{Checkout, Misread};
use crate::orders::model::{Address, CartLine, Good};
use crate::orders::packs::Pack;
use crate::tax::rules::{self, LineTax, Rate};
use crate::tax::views::and_unit;
use crate::web::components::{Field, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::{CartTile, Shell};
use askama::Template;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

/// A row of the catalogue after a change, with the cart around it.
#[derive(Template)]
#[template(path = "portal/_row_changed.html")]
pub struct RowChanged {
    pub row: GoodRow,
    pub cart: CartTile,
}

/// A cart as it is read.
pub struct CartFound {
    pub cart: Vec<CartLine>,
    pub quote: Quote,
    pub goods: Vec<Good>,
    pub addresses: Vec<Address>,
    pub today: NaiveDate,
}

/// A product in the cart.
pub struct CartRow {
    pub sku: String,
    pub name: String,
    pub href: String,
    pub picture: Option<String>,
    pub drawing: &'static str,
    pub pack: String,
    pub pack_short: String,
    pub pack_long: String,
    pub amount: Option<String>,
    pub tax: String,
    /// What the cart holds, as a field for packs says it.
    pub was: String,
    /// What stands in the field: the same, or what was typed and is no quantity.
    pub typed: String,
    pub is_wrong: bool,
    pub notes: Vec<(&'static str, String)>,
    pub act: Act,
    /// The product's id, if it is not sold any more: all that can be done is to take it out.
    pub gone: Option<String>,
}

/// An address to choose.
pub struct AddressChoice {
    pub id: String,
    pub label: String,
    pub words: String,
    pub is_chosen: bool,
}

#[derive(Template)]
#[template(path = "portal/cart.html")]
pub struct CartPage {
    pub shell: Shell,
    pub summary: Option<Summary>,
    pub notices: Vec<String>,
    pub over: Option<String>,
    pub rows: Vec<CartRow>,
    pub is_short: bool,
    pub addresses: Vec<AddressChoice>,
    pub fields: Vec<Field>,
    pub totals: Vec<(String, String)>,
    pub total: String,
    pub shown: String,
    pub may_place: bool,
    /// Whether whoever reads it may give the supplier an address.
    pub may_manage: bool,
    pub base: String,
    pub key: Uuid,
}

impl CartPage {
    pub fn new(
        shell: Shell,
        (shop, may_manage): (&Shop, bool),
        found: &CartFound,
        checkout: &Checkout,
        (said, of_lines, misread): (Option<Said>, &[(ProductId, Said)], &[Misread]),
    ) -> Self {
        let (lang, quote) = (shop.lang, &found.quote);
        let rows: Vec<CartRow> = found
            .cart
            .iter()
            .map(|line| row(shop, found, line, (of_lines, misread)))
            .collect();
        let is_short = found
            .cart
            .iter()
            .any(|line| priced(quote, line.product_id).is_some_and(|one| is_short(one, line)));
        let over = quote.over_credit().map(|over| {
            lang.say(
                &Said::new("This order goes {over} over your credit limit: it will be held until {over} is paid.")
                    .with("over", over),
            )
        });
        let has_errors = said.is_some() || !checkout.remarks.is_empty() || !of_lines.is_empty();
        Self {
            shell: shell.with_errors(has_errors),
            summary: checkout.remarks.summary(lang),
            notices: said.iter().map(|said| lang.say(said)).collect(),
            over: over.filter(|_| !rows.is_empty()),
            is_short,
            addresses: addresses(found, checkout),
            fields: fields(checkout, lang, found.today),
            totals: totals(quote, lang),
            total: quote.totals.total.to_string(),
            shown: Shown::of(quote).to_string(),
            may_place: shop.may_order
                && quote.terms.address_id.is_some()
                && quote.lines.len() == found.cart.len()
                && quote.lines.iter().all(|one| one.amounts.is_some()),
            may_manage,
            rows,
            base: shop.base.clone(),
            key: new_key(),
        }
    }
}

fn priced(quote: &Quote, product: ProductId) -> Option<&Priced> {
    quote
        .lines
        .iter()
        .find(|one| one.line.product_id == product)
}

fn is_short(one: &Priced, line: &CartLine) -> bool {
    one.line.free < line.quantity.as_decimal()
}

fn row(
    shop: &Shop,
    found: &CartFound,
    line: &CartLine,
    (said, misread): (&[(ProductId, Said)], &[Misread]),
) -> CartRow {
    let lang = shop.lang;
    let good = found.goods.iter().find(|good| good.id == line.product_id);
    let one = priced(&found.quote, line.product_id);
    let pack = good.map(Pack::of);
    let units = line.quantity.as_decimal();
    let mut notes: Vec<(&'static str, String)> = said
        .iter()
        .filter(|(id, _)| *id == line.product_id)
        .map(|(_, said)| ("", lang.say(said)))
        .collect();
    notes.extend(remarks(line, one, pack, lang));
    // What is not on offer any more is known to the quote alone.
    let name = match (good, one.map(|one| &one.line)) {
        (Some(good), _) => good.called(lang).to_owned(),
        (None, Some(line)) => match (lang, &line.name_hi) {
            (Lang::Hi, Some(name)) => name.clone(),
            _ => line.name.clone(),
        },
        (None, None) => String::new(),
    };
    let was = pack.map(|pack| pack.typed(units)).unwrap_or_default();
    let misread = misread.iter().find(|one| one.product == line.product_id);
    CartRow {
        gone: good.is_none().then(|| line.product_id.to_string()),
        sku: good.map(|good| good.sku.clone()).unwrap_or_default(),
        href: good.map_or_else(String::new, |good| format!("{}/p/{}", shop.base, good.sku)),
        picture: good
            .and_then(|good| good.small)
            .map(|file| format!("{}/files/{file}", shop.base)),
        drawing: drawing(&name),
        name,
        pack: price_line(one, pack, lang),
        pack_short: pack.map(|pack| pack.short(lang)).unwrap_or_default(),
        pack_long: pack.map(|pack| pack.long(lang)).unwrap_or_default(),
        amount: one
            .and_then(|one| one.amounts.map(|sums| (one, sums)))
            .map(|(one, sums)| line_amount(one, sums).to_string()),
        tax: one.map(|one| tax_words(one, lang)).unwrap_or_default(),
        typed: misread.map_or_else(|| was.clone(), |one| one.typed.clone()),
        was,
        is_wrong: misread.is_some(),
        notes,
        act: Act::Step,
    }
}

/// The amount beside a line: before tax where the price is, with it where the price holds it.
fn line_amount(one: &Priced, sums: LineTax) -> Money {
    if one.line.includes_tax.unwrap_or_default() {
        sums.total
    } else {
        sums.taxable
    }
}

fn tax_words(one: &Priced, lang: Lang) -> String {
    let Some(rate) = one.line.tax() else {
        return String::new();
    };
    let percent = rate.gst + rate.cess;
    let said = if percent.is_zero() && rate.cess_per_unit.is_zero() {
        Said::new("no GST")
    } else if one.line.includes_tax.unwrap_or_default() {
        Said::new("with {rate}% GST")
    } else {
        Said::new("+ {rate}% GST")
    };
    let words = lang.say(&said.with("rate", percent.normalize().to_string()));
    and_unit(lang, words, rate.cess_per_unit)
}

fn price_line(one: Option<&Priced>, pack: Option<Pack>, lang: Lang) -> String {
    let (Some(one), Some(pack)) = (one, pack) else {
        return String::new();
    };
    let Some(price) = one.line.price else {
        return lang.t("Ask for the price").into_owned();
    };
    let quantity = pack.words(one.line.quantity, lang);
    let each = lang.say(
        &Said::new("{price} for 1 {unit}")
            .with("price", price.to_string())
            .with("unit", pack.unit_word(lang)),
    );
    if pack.is_packed() {
        let units = format!(
            "{} {}",
            crate::kernel::number::indian(one.line.quantity),
            pack.unit_word(lang)
        );
        return format!("{quantity} = {units} · {each}");
    }
    format!("{quantity} · {each}")
}

/// What a line came to when it was last shown and what it comes to now, if those differ at the same price: a cess is not kept with a cart, but
/// it is within the total. Worked out as the cart does it.
fn other_total(line: &CartLine, one: &Priced, rate: Rate) -> Option<(Money, Money)> {
    let (was, price) = (line.seen_total?, one.line.price?);
    let includes_tax = one.line.includes_tax.unwrap_or_default();
    let now = rules::line(price, includes_tax, line.quantity, rate, false).total;
    (line.seen_price == Some(price) && was != now).then_some((was, now))
}

/// What a buyer should know of a line before ordering it: it changed, there is less, it can't be had.
fn remarks(
    line: &CartLine,
    one: Option<&Priced>,
    pack: Option<Pack>,
    lang: Lang,
) -> Vec<(&'static str, String)> {
    let (Some(one), Some(pack)) = (one, pack) else {
        return vec![(
            "",
            lang.t("This is not sold any more. Remove it to order the rest.")
                .into_owned(),
        )];
    };
    let mut notes = Vec::new();
    let mut note = |said: Said| notes.push(("", lang.say(&said)));
    if one.line.status != "active" {
        note(Said::new(
            "This is not sold any more. Remove it to order the rest.",
        ));
    } else if one.line.price.is_none() || one.line.tax().is_none() {
        note(Said::new(
            "This has no price now. Remove it to order the rest.",
        ));
    }
    match (line.seen_price, one.line.price) {
        (Some(was), Some(now)) if was != now => note(
            Said::new("The price changed: it was {was}, it is {now} now.")
                .with("was", was.to_string())
                .with("now", now.to_string()),
        ),
        _ => {}
    }
    match (line.seen_rate, one.line.tax()) {
        (Some(was), Some(now)) if was != now.gst => note(
            Said::new("GST changed: it was {was}%, it is {now}% now.")
                .with("was", was.normalize().to_string())
                .with("now", now.gst.to_string()),
        ),
        (Some(_), Some(now)) => {
            if let Some((was, now)) = other_total(line, one, now) {
                note(
                    Said::new(
                        "The tax changed: with it this came to {was}, it comes to {now} now.",
                    )
                    .with("was", was)
                    .with("now", now),
                );
            }
        }
        _ => {}
    }
    if is_short(one, line) {
        let can_have = (one.line.free.max(Decimal::ZERO) / pack.size).floor() * pack.size;
        if can_have.is_zero() {
            note(Said::new("Out of stock."));
        } else {
            note(
                Said::new("Only {quantity} in stock.").with("quantity", pack.words(can_have, lang)),
            );
        }
    }
    notes.extend(next_price(&one.line, pack, lang).map(|words| (" deal", words)));
    notes
}

fn addresses(found: &CartFound, checkout: &Checkout) -> Vec<AddressChoice> {
    let chosen = checkout.address().or(found.quote.terms.address_id);
    found
        .addresses
        .iter()
        .map(|address| AddressChoice {
            id: address.id.to_string(),
            label: address.label.clone(),
            words: address.words(),
            is_chosen: chosen == Some(address.id),
        })
        .collect()
}

fn fields(checkout: &Checkout, lang: Lang, today: NaiveDate) -> Vec<Field> {
    vec![
        Field::new("date", "wanted_on", lang.t("Wanted on"))
            .value(&checkout.wanted_on)
            .hint(
                lang.say(
                    &Said::new("From {day} on; leave it empty for the next delivery.")
                        .with("day", crate::kernel::dates::date(today, lang)),
                ),
            )
            .optional()
            .remarks(&checkout.remarks, lang),
        Field::text("po_number", lang.t("Your order number"))
            .value(&checkout.po_number)
            .autocomplete("off")
            .optional()
            .remarks(&checkout.remarks, lang),
        Field::text("note", lang.t("Note"))
            .value(&checkout.note)
            .autocomplete("off")
            .optional()
            .remarks(&checkout.remarks, lang),
    ]
}

fn totals(quote: &Quote, lang: Lang) -> Vec<(String, String)> {
    tax_rows(&quote.totals, quote.terms.is_inter_state(), lang)
}

/// Goods and taxes, a row for each; CGST and SGST within a state, IGST between states.
pub fn tax_rows(sums: &LineTax, is_inter_state: bool, lang: Lang) -> Vec<(String, String)> {
    let mut rows = vec![(
        lang.t("Goods before tax").into_owned(),
        sums.taxable.to_string(),
    )];
    if is_inter_state {
        rows.push((lang.t("IGST").into_owned(), sums.igst.to_string()));
    } else {
        rows.push((lang.t("CGST").into_owned(), sums.cgst.to_string()));
        rows.push((lang.t("SGST").into_owned(), sums.sgst.to_string()));
    }
    if !sums.cess.is_zero() {
        rows.push((lang.t("Cess").into_owned(), sums.cess.to_string()));
    }
    rows
}
