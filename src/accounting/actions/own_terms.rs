//! How a company bills, and where it is paid.

use crate::error::AppError;
use crate::platform::db::Scope;
use crate::platform::db::schema::accounting_settings;
use chrono::NaiveDate;
use diesel::prelude::*;
use uuid::Uuid;

/// Where customers transfer money to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankAccount {
    /// Bank and branch, as printed.
    pub bank: String,
    /// Number.
    pub number: String,
    /// IFSC of the branch.
    pub ifsc: String,
}

/// What a company has said about its bills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnTerms {
    /// First day on which it has to e-invoice; none is never.
    pub einvoice_from: Option<NaiveDate>,
    /// Its account.
    pub account: Option<BankAccount>,
    /// Its UPI address: bills bear a code to pay by.
    pub upi_id: Option<String>,
    /// Small print of bills.
    pub terms: Option<String>,
}

/// Keeps what a company says about its bills; those that it has issued stay as they are. One statement.
///
/// # Errors
/// When the database refuses.
pub fn save_own_terms(scope: &mut Scope, own: &OwnTerms) -> Result<(), AppError> {
    let now = scope.now();
    let account = own.account.as_ref();
    let values = (
        accounting_settings::einvoice_from.eq(own.einvoice_from),
        accounting_settings::bank_name.eq(account.map(|account| account.bank.clone())),
        accounting_settings::bank_account.eq(account.map(|account| account.number.clone())),
        accounting_settings::bank_ifsc.eq(account.map(|account| account.ifsc.clone())),
        accounting_settings::upi_id.eq(own.upi_id.clone()),
        accounting_settings::terms.eq(own.terms.clone()),
        accounting_settings::updated_at.eq(now),
    );
    let upsert = diesel::insert_into(accounting_settings::table)
        .values((
            accounting_settings::id.eq(Uuid::now_v7()),
            accounting_settings::created_at.eq(now),
            values.clone(),
        ))
        .on_conflict(accounting_settings::tenant_id)
        .do_update()
        .set(values);
    scope.execute(upsert)?;
    Ok(())
}
