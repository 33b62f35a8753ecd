//! Payments as a file.

use super::payments::{number_of, pill, signed};
use crate::accounting::model::PaymentRow;
use crate::kernel::language::Lang;
use crate::web::export::Sheet;

/// Payments as a file.
pub fn payments_sheet(lang: Lang, rows: Vec<PaymentRow>) -> Sheet {
    let heads = [
        "Payment",
        "Date",
        "Customer code",
        "Customer",
        "Paid by",
        "Reference",
        "Amount",
        "Not used up",
        "State",
        "Note",
        "Written down by",
    ];
    let row = |row: PaymentRow| {
        vec![
            number_of(&row),
            row.payment
                .paid_on
                .map(|day| day.to_string())
                .unwrap_or_default(),
            row.code.clone(),
            row.customer.clone(),
            lang.t(row.payment.method.label()).into_owned(),
            row.payment.reference.clone().unwrap_or_default(),
            signed(&row).as_decimal().to_string(),
            row.open.as_decimal().to_string(),
            pill(lang, &row).text,
            row.payment.note.clone().unwrap_or_default(),
            row.payment.made_by_name.clone(),
        ]
    };
    Sheet {
        name: "payments",
        heads: heads.iter().map(|head| lang.t(head).into_owned()).collect(),
        rows: rows.into_iter().map(row).collect(),
    }
}
