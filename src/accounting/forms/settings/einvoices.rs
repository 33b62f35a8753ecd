//! What was typed about e-invoices: the first day, accounts at the authority, how registrations stand.

use crate::accounting::actions::einvoices::AccountChange;
use crate::accounting::rules::settings::{TAXPAYER_TYPES, day};
use crate::companies::actions::Standing;
use crate::config::Secret;
use crate::kernel::dates::parse_version;
use crate::kernel::language::{Said, text};
use crate::kernel::pin::Pin;
use crate::kernel::state::State;
use crate::kernel::text::{one_line, optional_line, optional_lines};
use crate::web::Remarks;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

/// Most letters of a user or a password: a login has to fit into what a key of 2048 bits carries.
const MOST: usize = 60;

/// From which day on the company has to e-invoice.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct FromForm {
    pub einvoice_from: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl FromForm {
    /// The day; none for a company that need not.
    pub fn parse(mut self) -> Result<(Option<NaiveDate>, Self), Box<Self>> {
        let typed = self.einvoice_from.clone();
        let from = self.remarks.take_optional("einvoice_from", &typed, day);
        if self.remarks.is_empty() {
            Ok((from, self))
        } else {
            Err(Box::new(self))
        }
    }
}

/// An account at the authority. It is never printed, for it holds secrets.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct AccountForm {
    pub client_id: String,
    pub client_secret: String,
    pub user_name: String,
    pub password: String,
    pub active: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl AccountForm {
    /// The account as it is to be; or the form again, without the secrets. They may be left out in the form of an account that is there.
    pub fn parse(mut self) -> Result<(AccountChange, Self), Box<Self>> {
        let has_secrets = !self.version.is_empty();
        let client_id = plain(text!("Client id"), &self.client_id, 100);
        let client_id = self.remarks.take("client_id", client_id);
        let client_secret = secret(
            (text!("Client secret"), 100),
            &self.client_secret,
            has_secrets,
        );
        let client_secret = self.remarks.take("client_secret", client_secret);
        let user = plain(text!("User name"), &self.user_name, MOST);
        let user = self.remarks.take("user_name", user);
        let password = secret((text!("Password"), MOST), &self.password, has_secrets);
        let password = self.remarks.take("password", password);
        // No page gives a secret back, not even to whoever typed it.
        self.client_secret.clear();
        self.password.clear();
        match (client_id, client_secret, user, password) {
            (Some(client_id), Some(client_secret), Some(user), Some(password)) => {
                let change = AccountChange {
                    client_id,
                    client_secret,
                    user,
                    password,
                    is_active: self.active == "on",
                };
                Ok((change, self))
            }
            _ => Err(Box::new(self)),
        }
    }
}

fn secret(
    (label, most): (&'static str, usize),
    typed: &str,
    may_lack: bool,
) -> Result<Option<Secret<String>>, Said> {
    if may_lack && typed.trim().is_empty() {
        return Ok(None);
    }
    plain(label, typed, most).map(|line| Some(Secret::new(line)))
}

/// One line that can travel in the head of a request.
fn plain(label: &'static str, typed: &str, most: usize) -> Result<String, Said> {
    let line = one_line(label, typed, most)?;
    if line.is_ascii() {
        Ok(line)
    } else {
        let said = Said::new("{label} has letters, digits and signs of an English keyboard only.");
        Err(said.naming("label", label))
    }
}

/// How a registration stands, and where it does business.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct StandingForm {
    pub taxpayer_type: String,
    pub address: String,
    pub city: String,
    pub pincode: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl StandingForm {
    /// How it is to stand. An address is whole and in the state of the GSTIN, or it is the company's.
    pub fn parse(mut self, gstin: &str) -> Result<(Standing, DateTime<Utc>, Self), Box<Self>> {
        let known = TAXPAYER_TYPES
            .iter()
            .find(|(code, _)| *code == self.taxpayer_type)
            .ok_or_else(|| Said::new("Choose the type of taxpayer."));
        let known = self.remarks.take("taxpayer_type", known);
        let address = optional_lines(text!("Street and area"), &self.address, 200);
        let address = self.remarks.take("address", address).flatten();
        let city = optional_line(text!("City"), &self.city, 80);
        let city = self.remarks.take("city", city).flatten();
        let typed = self.pincode.clone();
        let pincode = self.remarks.take_optional("pincode", &typed, |typed| {
            let pin = typed.parse::<Pin>()?;
            let state = gstin.get(..2).and_then(State::by_code);
            state.map_or(Ok(pin.clone()), |state| pin.within(state))
        });
        let has = [
            ("address", address.is_some()),
            ("city", city.is_some()),
            ("pincode", pincode.is_some() || !typed.trim().is_empty()),
        ];
        if has.iter().any(|(_, there)| *there) {
            for (field, _) in has.into_iter().filter(|(_, there)| !there) {
                let said =
                    Said::new("Street, city and PIN code belong together. Fill in all, or none.");
                self.remarks.add(field, said);
            }
        }
        let version = parse_version(&self.version);
        match known.filter(|_| self.remarks.is_empty()) {
            Some((code, _)) => {
                let standing = Standing {
                    taxpayer_type: (*code).to_owned(),
                    address,
                    city,
                    pincode,
                };
                Ok((standing, version, self))
            }
            None => Err(Box::new(self)),
        }
    }
}
