//! What a retailer types: quantities in rows and in the cart, the checkout, a pasted list.

use crate::kernel::dates;
use crate::kernel::ids::{AddressId, ProductId};
use crate::kernel::language::{Said, text};
use crate::kernel::text::one_line;
use crate::orders::actions::Shown;
use crate::orders::actions::cart::Wish;
use crate::orders::model::Good;
use crate::orders::packs::{self, Bare, Pack};
use crate::orders::rules;
use crate::web::Remarks;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::HashSet;

/// Most products that one form changes.
const MOST_FIELDS: usize = 600;

/// Quantities by code, and what to do with them: the fields' names hold codes, so no struct can name them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct CartForm(Vec<(String, String)>);

/// What was typed as a quantity and is none.
#[derive(Clone, Debug)]
pub struct Misread {
    /// Of which product.
    pub product: ProductId,
    /// As it was typed.
    pub typed: String,
    /// Why it is none.
    pub said: Said,
}

impl CartForm {
    /// The value of a field, or nothing.
    pub fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.trim())
            .unwrap_or_default()
    }

    /// What the pressed button does: `plus`, `minus`, `remove`, `drop`, `set`, `take` or `place`, and to which product.
    pub fn op(&self) -> (&str, &str) {
        let op = self.get("op");
        op.split_once(':').unwrap_or((op, ""))
    }

    /// Codes and what was typed for each, the pressed one last of all if it has no field.
    fn typed(&self) -> Vec<(String, &str)> {
        let pressed = self.pressed().unwrap_or_default();
        let mut typed: Vec<(String, &str)> = self
            .0
            .iter()
            .filter_map(|(name, value)| Some((name.strip_prefix("qty.")?.to_owned(), value.trim())))
            .filter(|(sku, _)| is_sku(sku))
            .take(MOST_FIELDS)
            .collect();
        if is_sku(pressed) && !typed.iter().any(|(sku, _)| sku == pressed) {
            typed.push((pressed.to_owned(), ""));
        }
        typed
    }

    /// The codes of the products that this form is about.
    pub fn skus(&self) -> Vec<String> {
        self.typed().into_iter().map(|(sku, _)| sku).collect()
    }

    /// The one product whose button was pressed.
    pub fn pressed(&self) -> Option<&str> {
        let (op, sku) = self.op();
        Some(sku).filter(|sku| op != "drop" && is_sku(sku))
    }

    /// The product that is not sold any more and shall leave the cart: known by its id, for buyers can't find its code.
    pub fn dropped(&self) -> Option<Wish> {
        let product = self.get("op").strip_prefix("drop:")?.parse().ok()?;
        Some(Wish {
            product,
            units: Decimal::ZERO,
        })
    }

    /// How many units of each product are wished for, and what was no quantity.
    pub fn wishes(&self, goods: &[Good]) -> (Vec<Wish>, Vec<Misread>) {
        let (op, pressed) = self.op();
        let (mut wishes, mut misread) = (Vec::new(), Vec::new());
        for (sku, typed) in self.typed() {
            let Some(good) = goods.iter().find(|good| good.sku == sku) else {
                continue;
            };
            match packs::parse(typed, Pack::of(good), Bare::Packs) {
                Ok(units) => {
                    let step = if sku == pressed { op } else { "" };
                    let units = match step {
                        "plus" => units + good.pack_size,
                        "minus" => (units - good.pack_size).max(Decimal::ZERO),
                        "remove" => Decimal::ZERO,
                        _ => units,
                    };
                    wishes.push(Wish {
                        product: good.id,
                        units,
                    });
                }
                Err(said) => misread.push(Misread {
                    product: good.id,
                    typed: typed.to_owned(),
                    said,
                }),
            }
        }
        (wishes, misread)
    }

    /// Products that were picked where a pasted line could mean several, with the line's quantity.
    pub fn picks(&self) -> Vec<PadLine> {
        self.0
            .iter()
            .filter_map(|(name, sku)| Some((name.strip_prefix("pick.")?, sku)))
            .filter(|(_, sku)| is_sku(sku))
            .take(MOST_PASTED)
            .map(|(place, sku)| {
                let quantity = self.get(&format!("amount.{place}")).to_owned();
                PadLine {
                    text: format!("{sku} {quantity}"),
                    what: sku.clone(),
                    quantity,
                }
            })
            .collect()
    }

    /// Whether a quantity was typed that the page did not show: it belongs into the cart before anybody orders it.
    pub fn has_new_quantities(&self) -> bool {
        self.0.iter().any(|(name, value)| {
            name.strip_prefix("qty.")
                .is_some_and(|sku| self.get(&format!("was.{sku}")) != value.trim())
        })
    }

    /// The page that the form stands on: one of this shop's own, or its catalogue.
    pub fn back(&self, base: &str) -> String {
        let back = self.get("back");
        let is_own = back.starts_with(&format!("{base}/"))
            && !back.contains('\\')
            && !back.contains("//")
            && !back.chars().any(char::is_control);
        if is_own {
            back.to_owned()
        } else {
            format!("{base}/catalogue")
        }
    }

    /// The checkout's fields, as they were typed.
    pub fn checkout(&self) -> Checkout {
        let get = |name: &str| self.get(name).to_owned();
        Checkout {
            ship_to: get("ship_to"),
            wanted_on: get("wanted_on"),
            po_number: get("po_number"),
            note: get("note"),
            remarks: Remarks::default(),
        }
    }

    /// What the page showed.
    pub fn shown(&self) -> Option<Shown> {
        self.get("shown").parse().ok()
    }
}

fn is_sku(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
}

/// Where, when and under which number of the retailer's own.
#[derive(Clone, Debug, Default)]
pub struct Checkout {
    pub ship_to: String,
    pub wanted_on: String,
    pub po_number: String,
    pub note: String,
    pub remarks: Remarks,
}

/// A checkout that makes sense.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub ship_to: Option<AddressId>,
    pub wanted_on: Option<NaiveDate>,
    pub po_number: Option<String>,
    pub note: Option<String>,
}

impl Checkout {
    /// The chosen address, if one is.
    pub fn address(&self) -> Option<AddressId> {
        self.ship_to.parse().ok()
    }

    /// What was chosen, or the remarks.
    ///
    /// # Errors
    /// The form with its remarks.
    pub fn parse(mut self, today: NaiveDate) -> Result<Delivery, Box<Self>> {
        let wanted_on = self.wanted_on.clone();
        let wanted_on = self
            .remarks
            .take_optional("wanted_on", &wanted_on, |typed| {
                rules::wanted_day(dates::parse_day(typed.trim()), today)
            });
        let po_number = self.po_number.clone();
        let po_number = self
            .remarks
            .take_optional("po_number", &po_number, |typed| {
                one_line(text!("Your order number"), typed, 40)
            });
        let note = self.note.replace("\r\n", " ").replace('\n', " ");
        let note = self
            .remarks
            .take_optional("note", &note, |typed| one_line(text!("Note"), typed, 1_000));
        if !self.ship_to.is_empty() && self.address().is_none() {
            self.remarks
                .add("ship_to", Said::new("Choose an address for the delivery."));
        }
        if !self.remarks.is_empty() {
            return Err(Box::new(self));
        }
        Ok(Delivery {
            ship_to: self.address(),
            wanted_on,
            po_number,
            note,
        })
    }

    /// As a query, so that a change of the cart loses nothing of it.
    pub fn query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("ship_to", &self.ship_to),
            ("wanted_on", &self.wanted_on),
            ("po_number", &self.po_number),
            ("note", &self.note),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }
}

/// The order pad: its rows, and a pasted list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct PadForm(CartForm);

impl PadForm {
    /// The rows.
    pub fn rows(&self) -> &CartForm {
        &self.0
    }

    /// The pasted list.
    pub fn list(&self) -> &str {
        self.0.get("list")
    }
}

/// A pasted line.
#[derive(Clone, Debug, PartialEq)]
pub struct PadLine {
    /// As it was pasted.
    pub text: String,
    /// Its code, or words of a name.
    pub what: String,
    /// Its quantity.
    pub quantity: String,
}

/// Most lines that are read at once.
pub const MOST_PASTED: usize = 200;
/// Most letters of a line that are searched for.
const MOST_LETTERS: usize = 200;

/// The lines of a pasted list: a code or name, then a quantity behind a comma, a tab, a semicolon or the last spaces. What comes after the
/// first 200 is not read and given back as it was pasted, but for more of what stands among those: the same twice is wanted twice, and a
/// second reading would put one quantity in place of the other.
pub fn pad_lines(list: &str) -> (Vec<PadLine>, Vec<String>) {
    let (mut lines, mut rest): (Vec<PadLine>, Vec<String>) = Default::default();
    let mut known: HashSet<String> = HashSet::new();
    for line in list.lines() {
        let printable = line
            .trim()
            .chars()
            .filter(|c| !c.is_control() || *c == '\t');
        let text: String = printable.collect();
        if text.is_empty() {
            continue;
        }
        let (what, quantity) = divide(&text);
        let is_among = lines.len() < MOST_PASTED || known.contains(&what.to_uppercase());
        if !is_among {
            rest.push(text);
            continue;
        }
        known.insert(what.to_uppercase());
        lines.push(PadLine {
            what: what.chars().take(MOST_LETTERS).collect(),
            quantity,
            text,
        });
    }
    (lines, rest)
}

fn divide(line: &str) -> (String, String) {
    for mark in ['\t', ';', ','] {
        if let Some((what, quantity)) = line.rsplit_once(mark) {
            return (what.trim().to_owned(), quantity.trim().to_owned());
        }
    }
    // "SOAP-100 2 cs 5 pc": the quantity is the tail of numbers and short words behind the code.
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_figure = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    // A Hindi word is written with signs that are no letters by themselves.
    let is_letter = |c: char| c.is_alphabetic() || ('\u{900}'..='\u{94f}').contains(&c);
    let is_word = |word: &str| word.chars().count() <= 6 && word.chars().all(is_letter);
    let mut start = words.len();
    while start > 1 {
        let word = words[start - 1];
        // Whoever writes -2 last means a quantity, though it is none.
        let is_minus = start == words.len() && word.strip_prefix(['-', '−']).is_some_and(is_figure);
        let is_tail = ((is_figure(word) || is_minus) && word.len() <= 12)
            || (is_word(word) && start >= 2 && is_figure(words[start - 2]) && start - 1 > 1);
        if !is_tail {
            break;
        }
        start -= 1;
    }
    (words[..start].join(" "), words[start..].join(" "))
}
