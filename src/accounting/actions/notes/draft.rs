//! What a note would be: nothing is written.

use super::sums::{Noted, credited_lines, debited_lines, foot, nothing};
use super::{Correcting, Noting, Wrong};
use crate::accounting::model::{Books, Document, DocumentLine, Returned};
use crate::accounting::rules::cancelling::is_asked;
use crate::accounting::rules::document::Kind;
use crate::accounting::rules::notes::{credit_kind, may_come_back, may_note};
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::ids::{DocumentLineId, WarehouseId};
use crate::kernel::language::Said;
use crate::kernel::money::Money;
use crate::logistics::actions::PartBack;
use crate::platform::db::Scope;
use crate::tax::bill::{BillSums, add_up};
use rust_decimal::Decimal;

/// A document, and what may be said of it by a note of today.
#[derive(Clone, Debug)]
pub struct NoteDraft {
    /// The document that is corrected.
    pub original: Document,
    /// Which note it would be.
    pub kind: Kind,
    /// Its lines.
    pub lines: Vec<DocumentLine>,
    /// The books around it.
    pub books: Books,
    /// What earlier notes gave back of each line.
    pub returned: Returned,
}

/// A note, worked out.
pub struct Worked {
    pub(super) noted: Vec<Noted>,
    /// What it comes to.
    pub sums: BillSums,
}

impl NoteDraft {
    /// Two statements.
    ///
    /// # Errors
    /// `Refused` when the document can't be corrected, or nothing of it is left to credit.
    pub fn of(scope: &mut Scope, original: Document, what: &Noting) -> Result<Self, AppError> {
        may_note(&original.number, original.kind, original.status).map_err(AppError::refused)?;
        let today = dates::today(scope.now());
        let kind = match what {
            Noting::Credit(_) => credit_kind(original.document_date, today),
            Noting::Debit(_) => Kind::DebitNote,
        };
        let lines = DocumentLine::find(scope, original.id)?;
        let (books, returned) = Books::of(scope, original.id, today, kind.as_str())?;
        if books.is_being_cancelled {
            return Err(AppError::refused(is_asked(&original.number)));
        }
        Ok(Self {
            original,
            kind,
            lines,
            books,
            returned,
        })
    }

    /// Units of a line that no note took back.
    pub fn left(&self, line: &DocumentLine) -> Decimal {
        let (sums, (credited, _)) = (line.sums(), self.returned.line(line.id));
        line.billed(&sums, &credited).left()
    }

    /// Whether notes have given back all of it.
    pub fn is_used_up(&self) -> bool {
        self.books.has_credits && self.books.credited >= self.original.total
    }

    /// Whether its goods can come back in part: only what was delivered, and of what this company holds in stock.
    pub fn may_come_back(&self) -> bool {
        self.books
            .shipment_status
            .is_some_and(|status| may_come_back(status).is_ok())
    }

    /// What the note comes to; or what is wrong with it.
    ///
    /// # Errors
    /// `NotFound` for a line that is not the document's.
    pub fn work_out(&self, what: &Noting) -> Result<Result<Worked, Vec<Wrong>>, AppError> {
        let worked = match what {
            Noting::Credit(how) => {
                credited_lines(self, how)?.and_then(|noted| self.credited(noted, how))
            }
            Noting::Debit(parts) => {
                debited_lines(self, parts)?.and_then(|noted| self.debited(noted))
            }
        };
        Ok(worked.map(|worked| worked.in_currency(self.original.fx_rate)))
    }

    fn credited(&self, noted: Vec<Noted>, how: &Correcting) -> Result<Worked, Vec<Wrong>> {
        let noted: Vec<Noted> = if self.kind == Kind::CommercialNote {
            noted.into_iter().map(Noted::without_tax).collect()
        } else {
            noted
        };
        let is_mirror = matches!(how, Correcting::Whole)
            && !self.books.has_credits
            && self.kind == Kind::CreditNote;
        let sums = foot(self, &noted, is_mirror).map_err(|said| vec![Wrong::all(said)])?;
        Ok(Worked { noted, sums })
    }

    fn debited(&self, noted: Vec<Noted>) -> Result<Worked, Vec<Wrong>> {
        let sums = noted.iter().map(|noted| noted.sums).collect();
        let sums = add_up(sums, Money::ZERO, Money::ZERO, self.books.round_off)
            .map_err(|said| vec![Wrong::all(said)])?;
        if noted.is_empty() {
            return Err(vec![Wrong::all(nothing())]);
        }
        Ok(Worked { noted, sums })
    }

    /// The units of a note that are in the house again, and in which warehouse.
    ///
    /// # Errors
    /// `Refused` when none can be.
    pub(super) fn coming_back(
        &self,
        worked: &Worked,
    ) -> Result<(WarehouseId, Vec<PartBack>), AppError> {
        let its = self.books.shipment_status.zip(self.books.warehouse_id);
        let Some((status, warehouse)) = its else {
            return Err(AppError::refused(Said::new(
                "No goods were sent with this document.",
            )));
        };
        may_come_back(status).map_err(AppError::refused)?;
        let parts: Vec<PartBack> = worked.noted.iter().filter_map(Noted::comes_back).collect();
        if parts.is_empty() {
            return Err(AppError::refused(no_units()));
        }
        Ok((warehouse, parts))
    }
}

/// What is said where goods come back and none are credited.
pub fn no_units() -> Said {
    Said::new("No units are credited, so none can come back.")
}

impl Worked {
    /// The same with what it comes to in the currency of its original, at the rate of that.
    fn in_currency(mut self, rate: Option<Decimal>) -> Self {
        self.sums.total_fc = rate.map(|rate| {
            let lines = self.noted.iter().zip(&self.sums.lines);
            lines
                .map(|(noted, sums)| Money::rounded(noted.as_priced(sums).as_decimal() / rate))
                .sum()
        });
        self
    }

    /// What a line of the original comes to in it.
    pub fn total_of(&self, line: DocumentLineId) -> Option<Money> {
        let place = self.noted.iter().position(|noted| noted.line.id == line)?;
        self.sums.lines.get(place).map(|sums| sums.total)
    }

    /// Refuses what nobody has seen.
    ///
    /// # Errors
    /// What it comes to, in words.
    pub(super) fn is_what_was_shown(&self, shown: Option<Money>) -> Result<(), Said> {
        match shown {
            Some(shown) if shown == self.sums.total => Ok(()),
            Some(shown) => Err(Said::new(
                "It comes to {now}, not {shown}: something has changed since it was worked out. Look at it and issue it then.",
            )
            .with("now", self.sums.total)
            .with("shown", shown)),
            None => Err(
                Said::new("It comes to {now}. Look at the sums and issue it then.")
                    .with("now", self.sums.total),
            ),
        }
    }
}
