//! A credit or debit note, as it is typed.

use super::payment::money;
use crate::accounting::actions::{Correcting, Noting, Part, What, Wish, Wrong, no_units};
use crate::accounting::model::DocNo;
use crate::accounting::rules::document::{Family, Reason};
use crate::error::AppError;
use crate::kernel::ids::DocumentLineId;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::money::Money;
use crate::kernel::quantity::Quantity;
use crate::kernel::text::one_line;
use crate::web::Remarks;
use crate::web::components::Summary;
use crate::web::list::ListQuery;

/// Which note is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Less is owed.
    Credit,
    /// More is owed.
    Debit,
}

/// What was typed for a line.
#[derive(Clone, Debug, Default)]
struct TypedLine {
    id: String,
    units: String,
    price: String,
}

/// Fields of the form. Those of a line carry its id in their names: `u-…` for units, `p-…` for rupees a unit.
#[derive(Clone, Debug, Default)]
pub struct NoteForm {
    pub invoice: String,
    pub year: String,
    pub how: String,
    pub reason: String,
    pub words: String,
    pub goods: String,
    pub remarks: Remarks,
    /// What somebody has to look at before it is written, where nothing is wrong.
    pub to_be_seen: Option<Said>,
    shown_total: String,
    op: String,
    lines: Vec<TypedLine>,
    wrong: Vec<(String, Said)>,
}

impl NoteForm {
    /// The form as it is first shown: all of the document that an address names.
    pub fn about(query: &ListQuery) -> Self {
        let word = |name: &str| query.get(name).unwrap_or_default().to_owned();
        Self {
            invoice: word("invoice"),
            year: word("year"),
            how: "whole".to_owned(),
            ..Self::default()
        }
    }

    /// Reads the fields of the form.
    pub fn read(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            if let Some(line) = name.strip_prefix("u-") {
                form.line(line).units = value;
            } else if let Some(line) = name.strip_prefix("p-") {
                form.line(line).price = value;
            } else {
                match name.as_str() {
                    "invoice" => form.invoice = value,
                    "year" => form.year = value,
                    "how" => form.how = value,
                    "reason" => form.reason = value,
                    "words" => form.words = value,
                    "goods" => form.goods = value,
                    "shown_total" => form.shown_total = value,
                    "op" => form.op = value,
                    _ => {}
                }
            }
        }
        form
    }

    fn line(&mut self, id: &str) -> &mut TypedLine {
        let place = self.lines.iter().position(|line| line.id == id);
        let place = place.unwrap_or_else(|| {
            self.lines.push(TypedLine {
                id: id.to_owned(),
                ..TypedLine::default()
            });
            self.lines.len() - 1
        });
        &mut self.lines[place]
    }

    /// The document that it corrects.
    ///
    /// # Errors
    /// `NotFound` for what can be none.
    pub fn original(&self) -> Result<DocNo, AppError> {
        let year = Some(self.year.as_str()).filter(|year| !year.is_empty());
        DocNo::asked(Family::Bills, &self.invoice, year)
    }

    /// Whether only the sums are asked for.
    pub fn is_preview(&self) -> bool {
        self.op == "work"
    }

    /// Whether nothing is wrong with it.
    pub fn is_sound(&self) -> bool {
        self.remarks.is_empty() && self.wrong.is_empty()
    }

    /// What was typed for a line: units, and rupees a unit.
    pub fn typed(&self, line: DocumentLineId) -> (&str, &str) {
        let id = line.to_string();
        let typed = self.lines.iter().find(|line| line.id == id);
        typed.map_or(("", ""), |line| (&line.units, &line.price))
    }

    /// What is wrong with a line.
    pub fn wrong(&self, line: DocumentLineId) -> Option<&Said> {
        let id = line.to_string();
        let wrong = self.wrong.iter().find(|(known, _)| *known == id);
        wrong.map(|(_, said)| said)
    }

    /// Notes what keeps it from being written.
    pub fn note(&mut self, wrong: Vec<Wrong>) {
        for one in wrong {
            match one.line {
                _ if one.is_to_be_seen => self.to_be_seen = Some(one.said),
                Some(line) => self.wrong.push((line.to_string(), one.said)),
                None => self.remarks.add("total", one.said),
            }
        }
    }

    /// The summary above the form: what is wrong with the lines, and with the rest.
    pub fn summary(&self, side: Side, lang: Lang) -> Option<Summary> {
        let first = match side {
            Side::Credit => "u",
            Side::Debit => "p",
        };
        let lines = self
            .wrong
            .iter()
            .map(|(line, said)| (format!("{first}-{line}"), lang.say(said)));
        let rest = self.remarks.summary(lang).unwrap_or_default().problems;
        let problems: Vec<(String, String)> = lines.chain(rest).collect();
        (!problems.is_empty()).then_some(Summary { problems })
    }

    /// The lines that something was typed for. What is wrong with them is noted.
    fn parts(&mut self) -> Result<Vec<Part>, AppError> {
        let mut parts = Vec::new();
        for typed in &self.lines {
            let (units, price) = (typed.units.trim(), typed.price.trim());
            let line: DocumentLineId = typed.id.parse().map_err(|_| AppError::NotFound)?;
            let what = match (units, price) {
                ("", "") => continue,
                (units, "") => units
                    .parse::<Quantity>()
                    .map(|units| What::Units(units.as_decimal())),
                ("", price) => money(price).map(What::Price),
                _ => Err(Said::new(
                    "Say how many units, or how much for each of them, not both.",
                )),
            };
            match what {
                Ok(what) => parts.push(Part { line, what }),
                Err(said) => self.wrong.push((typed.id.clone(), said)),
            }
        }
        Ok(parts)
    }

    /// What is to be noted, as far as it can be read; nothing where nothing can be worked out yet. What is wrong is noted.
    ///
    /// # Errors
    /// `NotFound` for a line that can be none.
    pub fn noting(&mut self, side: Side) -> Result<Option<Noting>, AppError> {
        let parts = self.parts()?;
        if !self.wrong.is_empty() {
            return Ok(None);
        }
        Ok(match side {
            Side::Debit if parts.is_empty() => None,
            Side::Debit => Some(Noting::Debit(parts)),
            Side::Credit if self.how == "whole" => {
                if parts.is_empty() {
                    return Ok(Some(Noting::Credit(Correcting::Whole)));
                }
                let said = Said::new(
                    "Something is typed for the lines. Clear it, or choose that only those are credited.",
                );
                self.remarks.add("how", said);
                None
            }
            Side::Credit if parts.is_empty() => None,
            Side::Credit => {
                let is_unit = |part: &Part| matches!(part.what, What::Units(_));
                if self.goods == "on" && !parts.iter().any(is_unit) {
                    self.remarks.add("goods", no_units());
                }
                Some(Noting::Credit(Correcting::Lines(parts)))
            }
        })
    }

    /// What is wanted, once it is sound; what is wrong is noted.
    ///
    /// # Errors
    /// `NotFound` for a line that can be none.
    pub fn parse(&mut self, side: Side) -> Result<Option<Wish>, AppError> {
        let what = self.noting(side)?;
        if what.is_none() && self.is_sound() {
            let said = match side {
                Side::Credit => Said::new("Say of at least one line how much is credited."),
                Side::Debit => Said::new("Say of at least one line how much more it is."),
            };
            self.remarks.add("total", said);
        }
        let reason = self
            .reason
            .parse::<Reason>()
            .map_err(|_| Said::new("Choose a reason."));
        let reason = self.remarks.take("reason", reason);
        let words = one_line(text!("Reason in your words"), &self.words, 300);
        let words = self.remarks.take("words", words);
        let (Some(what), Some(reason), Some(words), true) = (what, reason, words, self.is_sound())
        else {
            return Ok(None);
        };
        Ok(Some(Wish {
            what,
            reason,
            words,
            goods_are_back: side == Side::Credit && self.goods == "on",
            shown_total: self.shown_total.parse::<Money>().ok(),
        }))
    }
}
