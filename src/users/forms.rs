//! What people type about themselves.

use crate::kernel::dates::parse_version;
use crate::kernel::email::Email;
use crate::kernel::language::{Said, text};
use crate::kernel::phone::Phone;
use crate::kernel::text::one_line;
use crate::platform::accounts::password::NewPassword;
use crate::web::Remarks;
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// Address and password.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SignIn {
    pub email: String,
    pub password: String,
    pub next: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl SignIn {
    pub fn parse(mut self) -> Result<(Email, String, String), Box<Self>> {
        let email = self.remarks.take("email", self.email.parse::<Email>());
        if self.password.is_empty() {
            self.remarks
                .add("password", Said::new("Enter the password."));
        }
        match email {
            Some(email) if self.remarks.is_empty() => Ok((email, self.password, self.next)),
            _ => Err(Box::new(self)),
        }
    }
}

/// Asks for a code, or answers with it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Code {
    pub email: String,
    pub code: String,
    pub op: String,
    pub next: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl Code {
    pub fn parse_email(mut self) -> Result<(Email, Self), Box<Self>> {
        match self.remarks.take("email", self.email.parse::<Email>()) {
            Some(email) => Ok((email, self)),
            None => Err(Box::new(self)),
        }
    }
}

/// Address, code and new password.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Reset {
    pub email: String,
    pub code: String,
    pub password: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl Reset {
    pub fn parse(mut self) -> Result<(Email, String, NewPassword), Box<Self>> {
        let email = self.remarks.take("email", self.email.parse::<Email>());
        if self.code.trim().is_empty() {
            self.remarks
                .add("code", Said::new("Enter the code from the letter."));
        }
        let address = email
            .as_ref()
            .map(|email| email.as_str().to_owned())
            .unwrap_or_default();
        let password = self
            .remarks
            .take("password", NewPassword::parse(&self.password, &address));
        match (email, password) {
            (Some(email), Some(password)) if self.remarks.is_empty() => {
                Ok((email, self.code, password))
            }
            _ => Err(Box::new(self)),
        }
    }
}

/// Name and phone.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Profile {
    pub name: String,
    pub phone: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
    #[serde(skip)]
    pub theirs: Option<(String, String)>,
}

impl Profile {
    pub fn parse(mut self) -> Result<(String, Option<Phone>, DateTime<Utc>, Self), Box<Self>> {
        let name = self
            .remarks
            .take("name", one_line(text!("Name"), &self.name, 120));
        let phone = self
            .remarks
            .take_optional("phone", &self.phone.clone(), |typed| typed.parse::<Phone>());
        let version = parse_version(&self.version);
        match name {
            Some(name) if self.remarks.is_empty() => Ok((name, phone, version, self)),
            _ => Err(Box::new(self)),
        }
    }
}

/// The old password and a new one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChangePassword {
    pub current: String,
    pub password: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

/// Language, theme, keys.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Preferences {
    pub language: String,
    pub theme: String,
    pub shortcuts: String,
}

/// A language for whoever is not signed in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Language {
    pub language: String,
}
