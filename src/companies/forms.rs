//! What was typed about companies and their people, and how it becomes a value.

use super::actions::{
    EmployeeChange, Names, NewCompany, NewInvitation, NewRegistration, NewView, Profile,
};
use crate::kernel::email::Email;
use crate::kernel::gstin::Gstin;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::phone::Phone;
use crate::kernel::pin::Pin;
use crate::kernel::slug::Slug;
use crate::kernel::text::{one_line, optional_line, optional_lines};
use crate::platform::accounts::password::NewPassword;
use crate::platform::permissions::Role;
use crate::web::Remarks;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

/// A company to be opened, with its owner.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct OpenForm {
    pub name: String,
    pub legal_name: String,
    pub slug: String,
    pub gstin: String,
    pub owner_name: String,
    pub owner_email: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl OpenForm {
    pub fn parse(mut self) -> Result<(NewCompany, NewInvitation, Self), Box<Self>> {
        let name = self
            .remarks
            .take("name", one_line(text!("Trade name"), &self.name, 120));
        let legal_name = self.remarks.take(
            "legal_name",
            one_line(text!("Legal name"), &self.legal_name, 200),
        );
        let slug = self.remarks.take("slug", self.slug.parse::<Slug>());
        let gstin = self.remarks.take("gstin", self.gstin.parse::<Gstin>());
        let owner_name = self.remarks.take(
            "owner_name",
            one_line(text!("Owner's name"), &self.owner_name, 120),
        );
        let owner_email = self
            .remarks
            .take("owner_email", self.owner_email.parse::<Email>());
        match (name, legal_name, slug, gstin, owner_name, owner_email) {
            (
                Some(name),
                Some(legal_name),
                Some(slug),
                Some(gstin),
                Some(owner_name),
                Some(email),
            ) => {
                let company = NewCompany {
                    name,
                    legal_name,
                    slug,
                    gstin,
                    is_demo: false,
                };
                let owner = NewInvitation {
                    email,
                    name: owner_name,
                    role: Role::Owner,
                    language: Lang::En,
                };
                Ok((company, owner, self))
            }
            _ => Err(Box::new(self)),
        }
    }
}

/// Why a company is suspended.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReasonForm {
    pub reason: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl ReasonForm {
    pub fn parse(mut self) -> Result<String, Box<Self>> {
        match self
            .remarks
            .take("reason", one_line(text!("Reason"), &self.reason, 500))
        {
            Some(reason) => Ok(reason),
            None => Err(Box::new(self)),
        }
    }
}

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

fn role(code: &str) -> Result<Role, Said> {
    Role::from_code(code).ok_or_else(|| Said::new("Choose a role from the list."))
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

/// Which kind of file an export makes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ExportForm {
    pub format: String,
}

/// The company's looks. The logo comes as a file beside it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BrandForm {
    pub hue: String,
    pub remove: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl BrandForm {
    /// The hue, in degrees.
    pub fn parse(&mut self) -> Option<i16> {
        let typed = hue(&self.hue);
        self.remarks.take("hue", typed)
    }
}

/// Names of a company and how to reach it, as they were typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TypedNames {
    pub name: String,
    pub legal_name: String,
    pub email: String,
    pub phone: String,
    pub website: String,
}

impl TypedNames {
    fn parse(&self, remarks: &mut Remarks) -> Option<Names> {
        let name = remarks.take("name", one_line(text!("Trade name"), &self.name, 120));
        let legal_name = remarks.take(
            "legal_name",
            one_line(text!("Legal name"), &self.legal_name, 200),
        );
        let email = remarks
            .take_optional("email", &self.email, |typed| typed.parse::<Email>())
            .map(|email| email.as_str().to_owned());
        let phone = remarks
            .take_optional("phone", &self.phone, |typed| typed.parse::<Phone>())
            .map(|phone| phone.as_str().to_owned());
        let website = remarks
            .take(
                "website",
                optional_line(text!("Web site"), &self.website, 200),
            )
            .flatten();
        Some(Names {
            name: name?,
            legal_name: legal_name?,
            email,
            phone,
            website,
        })
    }
}

/// What the platform may change of a company.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NamesForm {
    #[serde(flatten)]
    pub typed: TypedNames,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl NamesForm {
    pub fn parse(mut self) -> Result<(Names, DateTime<Utc>, Self), Box<Self>> {
        let names = self.typed.parse(&mut self.remarks);
        let version = self.version.parse::<DateTime<Utc>>().unwrap_or_default();
        match names {
            Some(names) if self.remarks.is_empty() => Ok((names, version, self)),
            _ => Err(Box::new(self)),
        }
    }
}

/// The company's profile.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ProfileForm {
    #[serde(flatten)]
    pub names: TypedNames,
    pub address: String,
    pub city: String,
    pub pincode: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl ProfileForm {
    pub fn parse(mut self) -> Result<(Profile, DateTime<Utc>, Self), Box<Self>> {
        let typed = self.clone();
        let names = typed.names.parse(&mut self.remarks);
        let address = self
            .remarks
            .take(
                "address",
                optional_lines(text!("Street and area"), &typed.address, 500),
            )
            .flatten();
        let city = self
            .remarks
            .take("city", optional_line(text!("City"), &typed.city, 100))
            .flatten();
        let pincode = self
            .remarks
            .take_optional("pincode", &typed.pincode, |typed| typed.parse::<Pin>())
            .map(|pin| pin.as_str().to_owned());
        let version = self.version.parse::<DateTime<Utc>>().unwrap_or_default();
        match names {
            Some(names) if self.remarks.is_empty() => Ok((
                Profile {
                    names,
                    address,
                    city,
                    pincode,
                },
                version,
                self,
            )),
            _ => Err(Box::new(self)),
        }
    }
}

fn hue(typed: &str) -> Result<i16, Said> {
    typed
        .trim()
        .parse::<i16>()
        .ok()
        .filter(|hue| (0..360).contains(hue))
        .ok_or_else(|| Said::new("The colour must be a whole number from 0 to 359."))
}

/// A GST registration to be added.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RegistrationForm {
    pub gstin: String,
    pub trade_name: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl RegistrationForm {
    pub fn parse(mut self) -> Result<(NewRegistration, Self), Box<Self>> {
        let gstin = self.remarks.take("gstin", self.gstin.parse::<Gstin>());
        let trade_name = self.remarks.take(
            "trade_name",
            one_line(text!("Trade name"), &self.trade_name, 200),
        );
        match (gstin, trade_name) {
            (Some(gstin), Some(trade_name)) => Ok((NewRegistration { gstin, trade_name }, self)),
            _ => Err(Box::new(self)),
        }
    }
}

/// The trade name of a registration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TradeNameForm {
    pub trade_name: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl TradeNameForm {
    pub fn parse(mut self) -> Result<(String, DateTime<Utc>, Self), Box<Self>> {
        let version = self.version.parse::<DateTime<Utc>>().unwrap_or_default();
        match self.remarks.take(
            "trade_name",
            one_line(text!("Trade name"), &self.trade_name, 200),
        ) {
            Some(trade_name) => Ok((trade_name, version, self)),
            None => Err(Box::new(self)),
        }
    }
}

/// The last day of a registration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EndForm {
    pub ended_on: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl EndForm {
    pub fn parse(mut self, today: NaiveDate) -> Result<NaiveDate, Box<Self>> {
        let day = self
            .ended_on
            .trim()
            .parse::<NaiveDate>()
            .ok()
            .filter(|day| NaiveDate::from_ymd_opt(2017, 7, 1) <= Some(*day));
        let said = match day {
            None => Said::new("Enter the last day as a date from 1 July 2017 on."),
            Some(day) if day > today => {
                Said::new("The last day must be today or earlier. Come back when it is over.")
            }
            Some(day) => return Ok(day),
        };
        self.remarks.add("ended_on", said);
        Err(Box::new(self))
    }
}

/// A filter to be kept under a name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ViewForm {
    pub list: String,
    pub filter: String,
    pub name: String,
    pub audience: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl ViewForm {
    /// `query`: the filter, tidied; `may_share`: whether it may be for everyone.
    pub fn parse(
        mut self,
        list: &'static str,
        query: String,
        may_share: bool,
    ) -> Result<(NewView, Self), Box<Self>> {
        let name = self
            .remarks
            .take("name", one_line(text!("Name of the view"), &self.name, 40));
        if query.is_empty() || query.len() > 1000 {
            self.remarks.add(
                "name",
                Said::new("There is no filter to save, or it is too long. Go back and filter the list first."),
            );
        }
        match name {
            Some(name) if self.remarks.is_empty() => Ok((
                NewView {
                    list,
                    name,
                    query,
                    is_for_everyone: may_share && self.audience == "everyone",
                },
                self,
            )),
            _ => Err(Box::new(self)),
        }
    }
}

/// An employee's record.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EmployeeForm {
    pub name: String,
    pub title: String,
    pub phone: String,
    pub role: String,
    pub active: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl EmployeeForm {
    pub fn parse(mut self) -> Result<(EmployeeChange, DateTime<Utc>, Self), Box<Self>> {
        let typed = self.clone();
        let name = self
            .remarks
            .take("name", one_line(text!("Name"), &typed.name, 120));
        let title = self
            .remarks
            .take("title", optional_line(text!("Job title"), &typed.title, 80))
            .flatten();
        let phone = self
            .remarks
            .take_optional("phone", &typed.phone, |typed| typed.parse::<Phone>())
            .map(|phone| phone.as_str().to_owned());
        let role = self.remarks.take("role", role(&typed.role));
        let version = self.version.parse::<DateTime<Utc>>().unwrap_or_default();
        match (name, role) {
            (Some(name), Some(role)) if self.remarks.is_empty() => Ok((
                EmployeeChange {
                    name,
                    title,
                    phone,
                    role,
                    is_active: typed.active == "on",
                },
                version,
                self,
            )),
            _ => Err(Box::new(self)),
        }
    }
}
