//! Bills of what is sent, as the authority gets them, and what has to be corrected of them.

use super::{Deal, Fate, Trade};
use crate::accounting::actions::{
    self as books, CancelCode, Correcting, Issued, Issuing, Part, SEND, What,
};
use crate::accounting::model::{Document, DocumentLine, EInvoice};
use crate::accounting::rules::document::Reason;
use crate::accounting::rules::einvoice::Status;
use crate::error::AppError;
use crate::kernel::ids::DocumentId;
use crate::kernel::money::Money;
use crate::platform::db::Scope;
use rust_decimal::Decimal;

/// The bill whose goods come back.
const RETURNED: usize = 5;
/// The bill that is cancelled before the authority has it, and written anew.
const WRITTEN_TWICE: usize = 60;
/// Of so many bills one is corrected in each way.
const CORRECTED: usize = 30;

impl Trade<'_> {
    /// Bills what a deal has packed, and has the bill registered.
    pub(super) fn bill_of(&mut self, deal: &mut Deal) -> Result<(), AppError> {
        let mut issued = self.bill(&deal.shipment)?;
        self.books.bills += 1;
        let nth = self.books.bills;
        if nth == RETURNED && deal.last.is_none() {
            deal.fate = Fate::Returned;
        }
        if nth == WRITTEN_TWICE {
            self.act(self.supplier.accounts, |scope, who| {
                let why = (CancelCode::Mistake, "Two cases too many were written on it");
                books::cancel(scope, who, issued.id, why.0, why.1).map(drop)
            })?;
            issued = self.bill(&deal.shipment)?;
        }
        if self.supplier.is_main && self.books.unsent.is_empty() && self.is_unsent(issued.id)? {
            // The first one is forgotten, until it is too late.
            self.books.unsent.push(issued.id.to_string());
        }
        self.register()?;
        if deal.fate == Fate::Delivered {
            self.books.carried.push(issued.id);
        }
        deal.bill = Some((issued.id, nth));
        Ok(())
    }

    /// Issues the bill of a packed shipment as it was packed.
    pub(super) fn bill(&self, shipment: &str) -> Result<Issued, AppError> {
        let issuing = Issuing {
            shipment: shipment.to_owned(),
            ..Issuing::default()
        };
        self.act(self.supplier.warehouse, |scope, who| {
            let issued = books::issue(scope, who, &issuing)?;
            issued.map_err(|faults| match faults.into_iter().next() {
                Some(fault) => AppError::refused(fault.said),
                None => AppError::NotFound,
            })
        })
    }

    /// Whether the authority has to hear of a bill, and has not.
    pub(super) fn is_unsent(&self, id: DocumentId) -> Result<bool, AppError> {
        self.act(self.supplier.accounts, |scope, _| {
            Ok(EInvoice::find(scope, id)?.status == Status::Pending)
        })
    }

    /// Has everything registered that waits for it, but for what is left alone.
    pub(super) fn register(&self) -> Result<(), AppError> {
        let whose = (self.supplier.company, SEND);
        self.world
            .registry
            .work_off(self.db, whose, &self.books.unsent)
            .map(drop)
    }

    /// Some time after goods were delivered a few bills turn out wrong.
    pub(super) fn correct(&self, deal: &Deal) -> Result<(), AppError> {
        let Some((id, nth)) = deal.bill.filter(|_| deal.fate != Fate::Returned) else {
            return Ok(());
        };
        let twentieth = |line: &DocumentLine| {
            Money::rounded(line.price.as_decimal() * Decimal::new(5, 2)).max(Money::from_paise(1))
        };
        self.act(self.supplier.accounts, |scope, who| {
            let (document, part) = (Document::by_id(scope, id)?, |line, what| {
                Correcting::Lines(vec![Part { line, what }])
            });
            let Some(line) = DocumentLine::find(scope, id)?.into_iter().next() else {
                return Ok(());
            };
            let noted = match nth % CORRECTED {
                3 => {
                    let how = part(line.id, What::Units(Decimal::ONE));
                    let why = (Reason::Deficiency, "One of them was torn");
                    books::credit(scope, who, &document, &how, why)?
                }
                7 => {
                    let how = part(line.id, What::Price(twentieth(&line)));
                    let why = (Reason::Price, "The price of last week was agreed");
                    books::credit(scope, who, &document, &how, why)?
                }
                10 => {
                    let what = What::Price(twentieth(&line));
                    let parts = [Part {
                        line: line.id,
                        what,
                    }];
                    let why = (Reason::Price, "The new price was agreed");
                    books::debit(scope, who, &document, &parts, why)?
                }
                _ => return Ok(()),
            };
            noted.map(drop).map_err(AppError::refused)
        })?;
        self.register()
    }
}

/// The GSTIN of a bill's buyer.
pub(super) fn buyer_of(scope: &mut Scope, id: DocumentId) -> Result<String, AppError> {
    let document = Document::by_id(scope, id)?;
    document.buyer_gstin.ok_or(AppError::NotFound)
}
