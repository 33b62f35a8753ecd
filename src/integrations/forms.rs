//! What was typed about sandboxes, and about keys of the authority.

use super::gst::registrar::books::Enrolment;
use super::gst::registrar::codes;
use super::gst::registrar::is_gstin;
use super::gst::registrar::moods::{Mood, OPERATIONS, Told, Who};
use super::rules::PublicKey;
use crate::kernel::language::{Said, text};
use crate::kernel::text::{one_line, optional_line};
use crate::web::Remarks;
use chrono::DateTime;
use rust_decimal::Decimal;
use serde::Deserialize;

/// The longest delay, in milliseconds.
const LONGEST: i32 = 120_000;

/// Kinds of taxpayers that the registrar knows.
pub const KINDS: [&str; 9] = [
    "REG", "COM", "SEZ", "SED", "ISD", "CAS", "TDS", "TCS", "UIN",
];

/// Whether a taxpayer's registration holds.
pub const STATUSES: [&str; 3] = ["ACT", "SUS", "CNL"];

/// How a sandbox is to behave.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct MoodForm {
    pub who: String,
    pub mood: String,
    pub operation: String,
    pub gstin: String,
    pub delay_ms: String,
    pub code: String,
    pub calls_left: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl MoodForm {
    pub fn parse(mut self) -> Result<Told, Box<Self>> {
        let who = self.remarks.take("who", self.who.parse::<Who>());
        let mood = self.remarks.take("mood", self.mood.parse::<Mood>());
        let operation = OPERATIONS
            .iter()
            .find(|known| **known == self.operation)
            .map(|known| (*known).to_owned())
            .ok_or_else(|| Said::new("Choose one of the kinds of calls."));
        let operation = self.remarks.take("operation", operation);
        let gstin = self
            .remarks
            .take("gstin", optional_line(text!("Account"), &self.gstin, 40));
        let delay_ms = self
            .remarks
            .take_optional("delay_ms", &self.delay_ms, |typed| {
                number(typed, 0, LONGEST)
            });
        if mood == Some(Mood::Slow) && delay_ms.is_none() {
            self.remarks.add(
                "delay_ms",
                Said::new("Say by how many milliseconds it answers late."),
            );
        }
        let code = self.remarks.take_optional("code", &self.code, |typed| {
            one_line(text!("Code"), typed, 60)
        });
        let is_of_authority = who == Some(Who::Registrar) && mood == Some(Mood::Failing);
        if is_of_authority && !code.as_deref().is_some_and(is_code) {
            self.remarks.add(
                "code",
                Said::new("Enter a code of the authority, like 2146."),
            );
        }
        let calls_left = self
            .remarks
            .take_optional("calls_left", &self.calls_left, |typed| {
                number(typed, 1, 1000)
            });
        match (who, mood, operation, gstin) {
            (Some(who), Some(mood), Some(operation), Some(gstin)) if self.remarks.is_empty() => {
                Ok(Told {
                    who,
                    gstin: gstin.unwrap_or_default(),
                    operation,
                    mood,
                    delay_ms: delay_ms.unwrap_or(0),
                    code,
                    calls_left,
                    updated_at: DateTime::UNIX_EPOCH,
                })
            }
            _ => Err(Box::new(self)),
        }
    }
}

/// Codes of the authority, and those of the older e-way bill system, which have three digits.
fn is_code(code: &str) -> bool {
    codes::is_known(code) || (code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit()))
}

fn number(typed: &str, least: i32, most: i32) -> Result<i32, Said> {
    typed
        .trim()
        .parse()
        .ok()
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| {
            Said::new("Enter a whole number from {least} to {most}.")
                .with("least", least)
                .with("most", most)
        })
}

/// A taxpayer to be enrolled.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TaxpayerForm {
    pub gstin: String,
    pub name: String,
    pub taxpayer_type: String,
    pub status: String,
    pub turnover: String,
    pub is_einvoicing: Option<String>,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl TaxpayerForm {
    pub fn parse(mut self, is_lax: bool) -> Result<Enrolment, Box<Self>> {
        let typed = self.gstin.trim().to_uppercase();
        let gstin = if is_gstin(&typed, is_lax) {
            Ok(typed)
        } else {
            Err(Said::new("Enter a GSTIN with the right check character."))
        };
        let gstin = self.remarks.take("gstin", gstin);
        let name = self
            .remarks
            .take("name", one_line(text!("Name"), &self.name, 100));
        let mut among = |field: &'static str, known: &[&str], typed: &str| {
            let chosen = known
                .iter()
                .find(|known| **known == typed)
                .map(|known| (*known).to_owned());
            self.remarks.take(
                field,
                chosen.ok_or_else(|| Said::new("Choose one of the list.")),
            )
        };
        let taxpayer_type = among("taxpayer_type", &KINDS, &self.taxpayer_type);
        let status = among("status", &STATUSES, &self.status);
        let turnover = self
            .remarks
            .take_optional("turnover", &self.turnover, |typed| {
                typed
                    .trim()
                    .parse::<Decimal>()
                    .ok()
                    .filter(|turnover| !turnover.is_sign_negative() && turnover.scale() <= 2)
                    .filter(|turnover| *turnover < Decimal::from(10_000_000_000_000_000_i64))
                    .ok_or_else(|| Said::new("Enter an amount in rupees, like 120000000."))
            });
        match (gstin, name, taxpayer_type, status) {
            (Some(gstin), Some(name), Some(taxpayer_type), Some(status))
                if self.remarks.is_empty() =>
            {
                Ok(Enrolment {
                    gstin,
                    name,
                    taxpayer_type,
                    status,
                    is_einvoicing: self.is_einvoicing.is_some(),
                    turnover: turnover.unwrap_or_default(),
                    login: None,
                })
            }
            _ => Err(Box::new(self)),
        }
    }
}

/// What keys of the authority are for.
pub const PURPOSES: [&str; 2] = ["signing", "encryption"];

/// A key of the authority to be pinned.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct KeyForm {
    pub purpose: String,
    pub pem: String,
    pub kid: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

/// The same, found right.
pub struct NewKey {
    pub purpose: &'static str,
    pub kid: String,
    pub key: PublicKey,
}

impl KeyForm {
    pub fn parse(mut self) -> Result<(NewKey, Self), Box<Self>> {
        let purpose = PURPOSES
            .into_iter()
            .find(|known| *known == self.purpose)
            .ok_or_else(|| Said::new("Choose one of the list."));
        let purpose = self.remarks.take("purpose", purpose);
        let key = self.remarks.take("pem", PublicKey::from_pem(&self.pem));
        let typed = self
            .remarks
            .take("kid", optional_line(text!("Key id"), &self.kid, 100));
        let typed = typed.map(|typed| typed.map(as_signed));
        let printed = key.as_ref().and_then(|key| key.thumbprint.clone());
        let kid = typed.flatten().or(printed);
        if kid.is_none() && key.is_some() && self.remarks.is_empty() {
            let said = Said::new(
                "A public key without a certificate needs the name that signatures give it.",
            );
            self.remarks.add("kid", said);
        }
        match (purpose, key, kid) {
            (Some(purpose), Some(key), Some(kid)) if self.remarks.is_empty() => {
                Ok((NewKey { purpose, kid, key }, self))
            }
            _ => Err(Box::new(self)),
        }
    }
}

/// A key's name as signatures write it: a thumbprint in 40 capital hex digits, however it was copied; any other name as it was typed.
fn as_signed(typed: String) -> String {
    let digits: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != ':')
        .collect();
    if digits.len() == 40 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        digits.to_ascii_uppercase()
    } else {
        typed
    }
}

/// A key that is put out of use, or used again.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct KeyStep {
    pub purpose: String,
    pub kid: String,
    pub used: String,
}

impl KeyStep {
    /// What it is for and its name, if they can be those of a key.
    pub fn named(&self) -> Option<(&'static str, String)> {
        let purpose = PURPOSES.into_iter().find(|known| *known == self.purpose)?;
        Some((purpose, one_line(text!("Key id"), &self.kid, 100).ok()?))
    }
}

/// What a payer chose on the sandbox gateway's page.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct GatewayForm {
    pub how: String,
    pub hook: String,
    pub stay: String,
}

impl GatewayForm {
    /// What becomes of the payment, and how it is paid.
    pub fn outcome(&self) -> (&'static str, &'static str) {
        match self.how.as_str() {
            "card" => ("failed", "card"),
            _ => ("captured", "upi"),
        }
    }

    /// How often the merchant is told, and in how many seconds.
    pub fn webhooks(&self) -> (i32, i64) {
        match self.hook.as_str() {
            "never" => (0, 0),
            "last" => (1, 3),
            "twice" => (2, 0),
            _ => (1, 0),
        }
    }

    /// Whether the payer goes back only after the merchant was told.
    pub fn is_told_first(&self) -> bool {
        !matches!(self.hook.as_str(), "never" | "last")
    }

    /// Whether the payer does not go back at all.
    pub fn stays(&self) -> bool {
        !self.stay.is_empty()
    }
}
