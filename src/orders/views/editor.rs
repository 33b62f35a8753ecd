//! The line editor of a draft.

use crate::kernel::ids::ProductId;
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::kernel::number::indian;
use crate::orders::actions::{Priced, Quote, Shown};
use crate::orders::forms::{EditorForm, Op, ReadLine};
use crate::orders::model::{Destination, Order, QuoteLine};
use crate::orders::packs::Pack;
use crate::tax::views::rate_and_unit;
use crate::web::components::{Choice, Field, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use askama::Template;
use rust_decimal::Decimal;
use std::collections::HashMap;
use uuid::Uuid;

/// A draft being edited, as it was worked out.
pub struct Sheet {
    pub order: Order,
    pub form: EditorForm,
    pub lines: Vec<ReadLine>,
    pub quote: Quote,
    pub addresses: Vec<Destination>,
    /// What somebody else saved meanwhile, if somebody did.
    pub conflict: Vec<Said>,
    /// What hinders placing it, beyond its lines.
    pub refused: Option<Said>,
    /// Keys of lines whose answer is new to the page.
    pub fresh: Vec<u32>,
    /// Products whose price or rate changed since the draft was saved, with the words.
    pub repriced: Vec<(ProductId, Said)>,
}

impl Sheet {
    /// Whether something that was typed can't be saved.
    pub fn has_errors(&self) -> bool {
        !self.form.remarks.is_empty()
            || !self.conflict.is_empty()
            || self.refused.is_some()
            || self.lines.iter().any(|line| line.wrong.is_some())
    }
}

/// A row of the editor.
pub struct EditorRow {
    pub place: usize,
    pub key: u32,
    pub sku: String,
    pub quantity: String,
    pub price: String,
    /// The resolver's price, where none is typed.
    pub resolved: String,
    pub name: String,
    pub packs: Option<String>,
    /// What a number without a word counts, and what a pack holds.
    pub counted: Option<String>,
    pub rate: String,
    pub amount: String,
    pub warning: Option<String>,
    pub error: Option<String>,
    /// What the draft has instead of what was typed, if that can't be saved.
    pub unsaved: Option<String>,
    /// The code of the product that the draft has for this line, if it is saved.
    pub was: String,
    pub is_known: bool,
}

/// The sums under the lines, and what stands in the way.
pub struct EditorTotals {
    pub version: String,
    /// What prices and rates the page shows, to be told apart from what is true when the order is placed.
    pub shown: String,
    pub rows: Vec<(&'static str, Money)>,
    pub total: Money,
    pub lines: usize,
    pub over: Option<Money>,
    pub conflict: Vec<String>,
    /// Why what is typed is not saved as it is typed; a whole page says it beside the field.
    pub unsaved: Option<String>,
}

#[derive(Template)]
#[template(path = "orders/edit.html")]
pub struct EditorPage {
    pub shell: Shell,
    pub path: String,
    pub products: String,
    pub customer: String,
    pub order: Order,
    pub rows: Vec<EditorRow>,
    /// Whether a line was asked for: typing goes on in it.
    pub is_lengthened: bool,
    pub totals: EditorTotals,
    pub ship_to: Field,
    pub po_number: Field,
    pub wanted_on: Field,
    pub note: Field,
    /// What stands in the box for lists. Its id is new on each page, so that no text outlives the page that it was typed into.
    pub paste: String,
    pub paste_id: String,
    pub paste_error: Option<String>,
    pub summary: Option<Summary>,
    pub may_confirm: bool,
    pub key: Uuid,
}

/// What changes while lines are typed: the sums, and the answers to changed lines.
#[derive(Template)]
#[template(path = "orders/_preview.html")]
pub struct EditorPreview {
    pub totals: EditorTotals,
    pub rows: Vec<EditorRow>,
}

fn totals(lang: Lang, sheet: &Sheet) -> EditorTotals {
    let sums = sheet.quote.totals;
    let all = [
        ("Before tax", sums.taxable),
        ("CGST", sums.cgst),
        ("SGST", sums.sgst),
        ("IGST", sums.igst),
        ("Cess", sums.cess),
    ];
    EditorTotals {
        version: sheet.form.version.clone(),
        shown: Shown::of(&sheet.quote).to_string(),
        rows: all
            .into_iter()
            .filter(|(label, amount)| *label == "Before tax" || !amount.is_zero())
            .collect(),
        total: sums.total,
        lines: sheet
            .quote
            .lines
            .iter()
            .filter(|priced| priced.amounts.is_some())
            .count(),
        over: sheet.quote.over_credit(),
        conflict: sheet.conflict.iter().map(|said| lang.say(said)).collect(),
        unsaved: None,
    }
}

fn warning(lang: Lang, priced: &Priced) -> Option<String> {
    let row = &priced.line;
    let said = if row.status != "active" {
        Said::new("It is not sold at the moment.")
    } else if row.free < row.quantity {
        too_few(row.free)
    } else {
        return None;
    };
    Some(lang.say(&said))
}

/// How few of a product are free.
fn too_few(free: Decimal) -> Said {
    if free > Decimal::ZERO {
        Said::new("Only {free} are free.").with("free", indian(free))
    } else {
        Said::new("None are free.")
    }
}

/// What a line was refused for, in words: of a shortage what is free now, as a line says it that nobody refused yet.
fn refusal(lang: Lang, line: &ReadLine, known: Option<&QuoteLine>) -> Option<String> {
    let said = line.wrong.as_ref()?;
    let is_short = said.key() == too_few(Decimal::ONE).key();
    let now = known.filter(|_| is_short).map(|row| too_few(row.free));
    Some(lang.say(now.as_ref().unwrap_or(said)))
}

/// What a number without a word counts: `kg; 1 bag is 50 kg`.
fn counted(lang: Lang, pack: Pack) -> String {
    let unit = pack.unit_word(lang);
    if !pack.is_packed() {
        return unit;
    }
    lang.say(
        &Said::new("{unit}; 1 {pack} is {size} {unit}")
            .with("unit", unit)
            .with("pack", pack.long(lang))
            .with("size", indian(pack.size)),
    )
}

/// What a quantity comes to in packs, where there are any.
fn in_packs(lang: Lang, row: &QuoteLine) -> Option<String> {
    let pack = Pack::of_quote(row);
    let is_less = pack.is_packed() && row.quantity < pack.size;
    let less = || lang.say(&Said::new("less than 1 {pack}").with("pack", pack.long(lang)));
    pack.beside(row.quantity, lang)
        .or_else(|| is_less.then(less))
}

/// What the draft has instead of a line that can't be saved as it was typed.
fn unsaved(lang: Lang, line: &ReadLine, kept: Option<&QuoteLine>) -> Option<String> {
    if !line.is_unsaved || line.wrong.is_none() {
        return None;
    }
    let said = match kept {
        Some(row) => {
            let price = row.price.map(|price| price.to_string());
            Said::new("Not saved: the draft keeps {quantity} of {name} at {price}.")
                .with("quantity", Pack::of_quote(row).words(row.quantity, lang))
                .with("name", &row.name)
                .with("price", price.unwrap_or_default())
        }
        None => Said::new("This line is not saved."),
    };
    Some(lang.say(&said))
}

fn row(
    lang: Lang,
    (place, line): (usize, &ReadLine),
    quote: &HashMap<ProductId, &Priced>,
    repriced: &[(ProductId, Said)],
) -> EditorRow {
    let product = line.kept.or(line.want.map(|want| want.product));
    let priced = product.and_then(|product| quote.get(&product).copied());
    let known = priced.map(|priced| &priced.line);
    let kept = known.filter(|_| line.kept.is_some());
    // What is kept of another product than the one that is typed now says nothing about that one.
    let own = known.filter(|row| line.product == Some(row.product_id));
    let saved = kept.or(known.filter(|_| !line.is_unsaved));
    let changed = repriced.iter().find(|(product, said)| {
        line.product == Some(*product) && line.wrong.as_ref() != Some(said)
    });
    let error = refusal(lang, line, known);
    let warnings: Vec<String> = changed
        .map(|(_, said)| lang.say(said))
        .into_iter()
        .chain(priced.and_then(|priced| warning(lang, priced)))
        // What it was refused for is said once.
        .filter(|words| error.as_ref() != Some(words))
        .collect();
    EditorRow {
        place,
        key: line.typed.key,
        sku: line.typed.sku.clone(),
        quantity: line.typed.quantity.clone(),
        price: line.typed.price.clone(),
        resolved: known
            .and_then(|row| row.price)
            .map(|price| price.to_string().trim_start_matches('₹').to_owned())
            .unwrap_or_default(),
        name: own.map(|row| row.name.clone()).unwrap_or_default(),
        packs: own
            .filter(|_| !line.is_unsaved)
            .and_then(|row| in_packs(lang, row)),
        counted: own.map(|row| counted(lang, Pack::of_quote(row))),
        rate: known
            .and_then(QuoteLine::tax)
            .map(|rate| rate_and_unit(lang, &rate))
            .unwrap_or_default(),
        amount: priced
            .and_then(|priced| priced.amounts)
            .map_or_else(|| "–".to_owned(), |amounts| amounts.total.to_string()),
        warning: (!warnings.is_empty()).then(|| warnings.join(" ")),
        unsaved: unsaved(lang, line, kept),
        error,
        was: saved.map(|row| row.sku.clone()).unwrap_or_default(),
        is_known: line.product.is_some(),
    }
}

fn rows(lang: Lang, sheet: &Sheet) -> Vec<EditorRow> {
    let quote: HashMap<_, _> = sheet
        .quote
        .lines
        .iter()
        .map(|priced| (priced.line.product_id, priced))
        .collect();
    (1..)
        .zip(&sheet.lines)
        .map(|line| row(lang, line, &quote, &sheet.repriced))
        .collect()
}

fn blank(rows: &[EditorRow], sheet: &Sheet) -> EditorRow {
    EditorRow {
        place: rows.len() + 1,
        key: sheet.form.blank_key(),
        sku: String::new(),
        quantity: String::new(),
        price: String::new(),
        resolved: String::new(),
        name: String::new(),
        packs: None,
        counted: None,
        rate: String::new(),
        amount: "–".to_owned(),
        warning: None,
        error: None,
        unsaved: None,
        was: String::new(),
        is_known: false,
    }
}

fn summary(lang: Lang, sheet: &Sheet, rows: &[EditorRow]) -> Option<Summary> {
    let mut summary = sheet.form.remarks.summary(lang).unwrap_or_default();
    if let Some(said) = &sheet.refused {
        summary.problems.push(("lines".to_owned(), lang.say(said)));
    }
    for row in rows {
        if let Some(error) = &row.error {
            let words = lang.say(
                &Said::new("Line {line}: {problem}")
                    .with("line", row.place)
                    .with("problem", error),
            );
            summary.problems.push((format!("l{}-sku", row.key), words));
        }
    }
    (!summary.problems.is_empty()).then_some(summary)
}

impl EditorPage {
    pub fn new(shell: Shell, lang: Lang, (base, may_confirm): (&str, bool), sheet: Sheet) -> Self {
        let mut rows = rows(lang, &sheet);
        let form = &sheet.form;
        let has_blank = rows
            .last()
            .is_some_and(|row| row.sku.is_empty() && row.quantity.is_empty());
        let chosen = sheet.quote.terms.address_id.map(|id| id.to_string());
        let chosen = chosen.unwrap_or_default();
        let key = new_key();
        let paste_id = format!("paste-{}", key.simple());
        let mut summary = summary(lang, &sheet, &rows);
        for (id, _) in summary.iter_mut().flat_map(|summary| &mut summary.problems) {
            if id == "paste" {
                id.clone_from(&paste_id);
            }
        }
        if !has_blank {
            rows.push(blank(&rows, &sheet));
        }
        let choices = sheet
            .addresses
            .iter()
            .map(|row| Choice::new(&row.id.to_string(), row.words(), &chosen));
        Self {
            shell: shell.with_errors(sheet.has_errors()),
            path: format!("{base}/orders/{}", sheet.order.number),
            products: format!("{base}/orders/new/products"),
            customer: sheet.quote.terms.name.clone(),
            totals: totals(lang, &sheet),
            ship_to: Field::new("select", "ship_to", lang.t("Ship to"))
                .choices(choices.collect())
                .remarks(&form.remarks, lang),
            po_number: Field::text("po_number", lang.t("Purchase order"))
                .value(&form.po_number)
                .optional()
                .autocomplete("off")
                .remarks(&form.remarks, lang),
            wanted_on: Field::new("date", "wanted_on", lang.t("Wanted on"))
                .value(&form.wanted_on)
                .optional()
                .remarks(&form.remarks, lang),
            note: Field::new("textarea", "note", lang.t("Note"))
                .value(&form.note)
                .hint(lang.t("Both sides read it."))
                .optional()
                .remarks(&form.remarks, lang),
            paste: form.paste.clone(),
            paste_error: form.remarks.on("paste", lang),
            paste_id,
            is_lengthened: form.op == Op::AddLine && summary.is_none(),
            summary,
            may_confirm,
            rows,
            key,
            order: sheet.order,
        }
    }
}

impl EditorPreview {
    pub fn new(lang: Lang, sheet: &Sheet) -> Self {
        let mut rows = rows(lang, sheet);
        rows.retain(|row| row.error.is_some() || sheet.fresh.contains(&row.key));
        let mut totals = totals(lang, sheet);
        let wrong = sheet.form.remarks.summary(lang);
        let fields = wrong.into_iter().flat_map(|summary| summary.problems);
        let mut words: Vec<String> = fields.map(|(_, words)| words).collect();
        words.extend(sheet.refused.iter().map(|said| lang.say(said)));
        totals.unsaved = (!words.is_empty()).then(|| words.join(" "));
        Self { totals, rows }
    }
}
