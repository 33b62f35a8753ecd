//! What was typed about a company itself.

use crate::companies::actions::{Names, NewCompany, NewInvitation, Profile};
use crate::companies::model::Registration;
use crate::kernel::dates::parse_version;
use crate::kernel::email::Email;
use crate::kernel::gstin::Gstin;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::phone::Phone;
use crate::kernel::pin::{Pin, may_lie_in};
use crate::kernel::slug::Slug;
use crate::kernel::state::State;
use crate::kernel::text::{one_line, optional_line, optional_lines};
use crate::platform::permissions::Role;
use crate::web::Remarks;
use chrono::{DateTime, Utc};
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
        let version = parse_version(&self.version);
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

/// A PIN code in one of the states where the company is registered; anywhere while it is nowhere.
fn own_pin(typed: &str, known: &[Registration]) -> Result<Pin, Said> {
    let pin = typed.parse::<Pin>()?;
    let in_force = known.iter().filter(|row| row.ended_on.is_none());
    let states: Vec<State> = in_force
        .filter_map(|row| State::by_code(&row.state_code))
        .collect();
    match states.first() {
        Some(first) if !states.iter().any(|state| may_lie_in(pin.as_str(), *state)) => {
            pin.within(*first)
        }
        _ => Ok(pin),
    }
}

impl ProfileForm {
    /// `known`: the company's registrations; its own address is in a state where it is registered.
    pub fn parse(
        mut self,
        known: &[Registration],
    ) -> Result<(Profile, DateTime<Utc>, Self), Box<Self>> {
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
            .take_optional("pincode", &typed.pincode, |typed| own_pin(typed, known))
            .map(|pin| pin.as_str().to_owned());
        let version = parse_version(&self.version);
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
                optional_line(text!("Web site"), &self.website, 200).and_then(web_address),
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

fn hue(typed: &str) -> Result<i16, Said> {
    typed
        .trim()
        .parse::<i16>()
        .ok()
        .filter(|hue| (0..360).contains(hue))
        .ok_or_else(|| Said::new("The colour must be a whole number from 0 to 359."))
}

/// A web site as people write it (`annapurna.example`, `https://annapurna.example/shop`), and no other kind of address.
fn web_address(typed: Option<String>) -> Result<Option<String>, Said> {
    let Some(typed) = typed else {
        return Ok(None);
    };
    let whole = if typed.contains("://") {
        typed.clone()
    } else {
        format!("https://{typed}")
    };
    let is_web = url::Url::parse(&whole).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| host.contains('.'))
    });
    if is_web && !typed.contains(char::is_whitespace) {
        Ok(Some(typed))
    } else {
        Err(Said::new(
            "Web site must look like annapurna.example or https://annapurna.example.",
        ))
    }
}
