//! What was typed about invitations into the portal, and by whom they invite.

use crate::customers::actions::NewInvitation;
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
        let language = Lang::from_code(&self.language).unwrap_or_default();
        match (name, email) {
            (Some(name), Some(email)) => Ok((
                NewInvitation {
                    email,
                    name,
                    language,
                },
                self,
            )),
            _ => Err(Box::new(self)),
        }
    }
}

/// Name, shop and password of somebody new; or which shop of theirs somebody known brings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct JoinForm {
    pub name: String,
    pub shop: String,
    pub password: String,
    /// Short name of a shop of theirs, or "new".
    pub retailer: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl JoinForm {
    pub fn parse_new(
        mut self,
        email: &str,
    ) -> Result<((String, String, NewPassword), Self), Box<Self>> {
        let name = self
            .remarks
            .take("name", one_line(text!("Your name"), &self.name, 120));
        let shop = self
            .remarks
            .take("shop", one_line(text!("Name of the shop"), &self.shop, 120));
        let password = self
            .remarks
            .take("password", NewPassword::parse(&self.password, email));
        match (name, shop, password) {
            (Some(name), Some(shop), Some(password)) => Ok(((name, shop, password), self)),
            _ => Err(Box::new(self)),
        }
    }

    pub fn parse_shop(mut self) -> Result<(String, Self), Box<Self>> {
        match self
            .remarks
            .take("shop", one_line(text!("Name of the shop"), &self.shop, 120))
        {
            Some(shop) => Ok((shop, self)),
            None => Err(Box::new(self)),
        }
    }
}
