//! A customer's ledger on paper.

use super::entry::Named;
use super::ledger::{about, called, number};
use super::sheet::{Cell, Column, Fact, Head, Party, Table, TableSheet, Tongues, Weight};
use crate::companies::model::Company;
use crate::customers::model::Customer;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::money::Money;
use crate::kernel::text::lines_joined;
use crate::ledger::model::{Line, Period, Sums};
use crate::web::nav::initials;
use chrono::{DateTime, Utc};

/// What a statement on paper is made of.
pub struct StatementPaper {
    pub company: Company,
    /// Its GSTIN, if it has one.
    pub gstin: Option<String>,
    pub customer: Customer,
    pub period: Period,
    pub entries: Vec<Line>,
    pub sums: Sums,
    pub made_at: DateTime<Utc>,
}

fn head(company: &Company, gstin: Option<&str>, logo: Option<Vec<u8>>) -> Head {
    let mut lines = Vec::new();
    if company.legal_name != company.name {
        lines.push(company.legal_name.clone());
    }
    let place = [&company.address, &company.city, &company.pincode];
    let place: Vec<String> = place
        .into_iter()
        .flatten()
        .map(|part| lines_joined(part))
        .collect();
    lines.push(place.join(", "));
    lines.extend(gstin.map(|gstin| format!("GSTIN {gstin}")));
    let ways = [&company.email, &company.phone];
    let ways: Vec<&str> = ways.into_iter().flatten().map(String::as_str).collect();
    lines.push(ways.join(" · "));
    lines.retain(|line| !line.is_empty());
    Head {
        name: company.name.clone(),
        lines,
        initials: initials(&company.name),
        logo,
        logo_url: None,
        hue: u16::try_from(company.hue).unwrap_or_default(),
    }
}

fn row(lang: Lang, entry: &Line) -> Vec<Cell> {
    let named = Named::plain(lang, (entry.kind, entry.document_kind), number(entry));
    let named = called(lang, entry, named);
    let side = |wanted: bool| {
        if (entry.amount > Money::ZERO) == wanted {
            Cell::of(entry.amount.abs().plain())
        } else {
            Cell::default()
        }
    };
    let mut what = Cell::of(named.words);
    let details = about(lang, entry);
    if !details.is_empty() {
        what = what.with(details);
    }
    vec![
        Cell::of(dates::date(entry.date, lang)),
        what,
        side(true),
        side(false),
        Cell::of(entry.balance.plain()),
    ]
}

impl StatementPaper {
    /// The paper in a language.
    pub fn sheet(&self, lang: Lang, logo: Option<Vec<u8>>) -> TableSheet {
        let tongues = Tongues {
            first: lang,
            second: None,
        };
        let fact = |label: &'static str, amount: Money, weight| Fact {
            label: tongues.label(label),
            value: amount.to_string(),
            weight,
        };
        let begins = vec![
            Cell::of(dates::date(self.period.from, lang)),
            Cell::of(lang.t("Opening balance")),
            Cell::default(),
            Cell::default(),
            Cell::of(self.sums.opening.plain()),
        ];
        let rows = self.entries.iter().map(|entry| row(lang, entry));
        let code = Said::new("Customer {code}").with("code", &self.customer.code);
        let mut lines = vec![lang.say(&code)];
        lines.extend(self.customer.city.clone());
        lines.extend(
            self.customer
                .gstin
                .iter()
                .map(|gstin| format!("GSTIN {gstin}")),
        );
        TableSheet {
            tongues,
            title: tongues.label(text!("Statement of account")),
            period: format!(
                "{} – {}",
                dates::date(self.period.from, lang),
                dates::date(self.period.to, lang)
            ),
            made_at: self.made_at,
            head: head(&self.company, self.gstin.as_deref(), logo),
            parties: vec![Party {
                label: tongues.label(text!("Customer")),
                name: self.customer.name.clone(),
                lines,
            }],
            facts: vec![
                fact(text!("Opening balance"), self.sums.opening, Weight::Plain),
                fact(text!("Debits"), self.sums.debits, Weight::Plain),
                fact(text!("Credits"), self.sums.credits, Weight::Plain),
                fact(
                    text!("Closing balance"),
                    self.sums.closing(),
                    Weight::Strong,
                ),
            ],
            table: Table {
                columns: vec![
                    Column::words(tongues.label(text!("Date"))),
                    Column::growing(tongues.label(text!("Entry"))),
                    Column::figures(tongues.label(text!("Debit"))),
                    Column::figures(tongues.label(text!("Credit"))),
                    Column::figures(tongues.label(text!("Balance"))),
                ],
                rows: std::iter::once(begins).chain(rows).collect(),
                foot: None,
            },
            totals: vec![fact(
                text!("Closing balance"),
                self.sums.closing(),
                Weight::Grand,
            )],
            pay: None,
            closing: tongues.label(text!("Made by a computer; valid without a seal.")),
        }
    }
}
