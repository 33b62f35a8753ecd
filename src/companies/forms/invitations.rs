//! What was typed about invitations, and by whom they invite.

use super::role;
use crate::companies::actions::NewInvitation;
use crate::kernel::email::Email;
use crate::kernel::language::{Lang, text};
use crate::kernel::text::one_line;
use crate::platform::accounts::password::NewPassword;
use crate::web::Remarks;
use serde::Deserialize;

/// Somebody to be invited.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct InviteForm {
    pub name: String,
    pub email: String,
    pub role: String,
    pub language: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl InviteForm {
    pub fn parse(mut self) -> Result<(NewInvitation, Self), Box<Self>> {
        let name = self
            .remarks
            .take("name", one_line(text!("Name"), &self.name, 120));
        let email = self.remarks.take("email", self.email.parse::<Email>());
        let role = self.remarks.take("role", role(&self.role));
        let language = Lang::from_code(&self.language).unwrap_or_default();
        match (name, email, role) {
            (Some(name), Some(email), Some(role)) => Ok((
                NewInvitation {
                    email,
                    name,
                    role,
                    language,
                },
                self,
            )),
            _ => Err(Box::new(self)),
        }
    }
}

/// Name and password of somebody new, or the password of somebody known.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AcceptForm {
    pub name: String,
    pub password: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl AcceptForm {
    pub fn parse_new(mut self, email: &str) -> Result<(String, NewPassword, Self), Box<Self>> {
        let name = self
            .remarks
            .take("name", one_line(text!("Name"), &self.name, 120));
        let password = self
            .remarks
            .take("password", NewPassword::parse(&self.password, email));
        match (name, password) {
            (Some(name), Some(password)) => Ok((name, password, self)),
            _ => Err(Box::new(self)),
        }
    }
}
