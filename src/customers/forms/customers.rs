//! What was typed about a customer, its terms, a group.

use super::TypedAddress;
use crate::customers::actions::{NewAddress, Profile, Terms};
use crate::customers::model::Group;
use crate::customers::rules;
use crate::kernel::dates::parse_version;
use crate::kernel::email::Email;
use crate::kernel::gstin::Gstin;
use crate::kernel::ids::WarehouseId;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::money::Money;
use crate::kernel::phone::Phone;
use crate::kernel::text::{one_line, optional_lines};
use crate::web::Remarks;
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// What a customer's form offers to choose from.
#[derive(Clone, Debug)]
pub struct Known {
    pub groups: Vec<Group>,
    /// Id, code and name.
    pub warehouses: Vec<(WarehouseId, String, String)>,
}

/// A customer. A new one has its code, its first address and, for those who may set them, its terms in the same form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CustomerForm {
    pub code: String,
    pub name: String,
    pub kind: String,
    pub gstin: String,
    pub phone: String,
    pub email: String,
    pub language: String,
    pub group: String,
    pub warehouse: String,
    pub note: String,
    pub terms_days: String,
    pub credit_limit: String,
    #[serde(flatten)]
    pub address: TypedAddress,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

/// A customer that is to be opened.
pub struct NewCustomer {
    pub code: Option<String>,
    pub profile: Profile,
    pub terms: Terms,
    pub address: Option<NewAddress>,
}

fn code(typed: &str) -> Result<String, Said> {
    let code = typed.trim().to_uppercase();
    let has_shape = (1..=20).contains(&code.len())
        && !code.starts_with('-')
        && code
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
    if has_shape {
        return Ok(code);
    }
    Err(Said::new(
        "A code has up to 20 letters, digits and hyphens, like C-0001.",
    ))
}

fn days(typed: &str) -> Result<i32, Said> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(0);
    }
    typed
        .parse::<i32>()
        .ok()
        .filter(|days| (0..=365).contains(days))
        .ok_or_else(|| Said::new("The days must be a whole number from 0 to 365."))
}

fn limit(typed: &str) -> Result<Money, Said> {
    let limit = typed.parse::<Money>()?;
    if limit.is_negative() {
        return Err(Said::new("A credit limit must be zero or more."));
    }
    Ok(limit)
}

fn terms(typed_days: &str, typed_limit: &str, remarks: &mut Remarks) -> Option<Terms> {
    let days = remarks.take("terms_days", days(typed_days));
    let limit = remarks.take_optional("credit_limit", typed_limit, limit);
    Some(Terms { days: days?, limit })
}

impl CustomerForm {
    fn profile(&self, known: &Known, remarks: &mut Remarks) -> Option<Profile> {
        let name = remarks.take("name", one_line(text!("Name"), &self.name, 120));
        let kind = rules::KINDS
            .iter()
            .map(|(code, _)| *code)
            .find(|code| *code == self.kind)
            .ok_or_else(|| Said::new("Choose how the customer stands under GST."));
        let kind = remarks.take("kind", kind);
        let gstin = remarks.take_optional("gstin", &self.gstin, |typed| typed.parse::<Gstin>());
        if let Some(kind) = kind {
            let said = match (rules::has_gstin(kind), self.gstin.trim().is_empty()) {
                (true, true) => Some(Said::new("A registered customer has a GSTIN. Enter it.")),
                (false, false) => Some(Said::new(
                    "A customer that is not registered has no GSTIN. Clear it, or choose another GST kind.",
                )),
                _ => None,
            };
            if let Some(said) = said {
                remarks.add("gstin", said);
            }
        }
        let phone = remarks
            .take_optional("phone", &self.phone, |typed| typed.parse::<Phone>())
            .map(|phone| phone.as_str().to_owned());
        let email = remarks
            .take_optional("email", &self.email, |typed| typed.parse::<Email>())
            .map(|email| email.as_str().to_owned());
        let group = remarks.take_optional("group", &self.group, |typed| {
            let chosen = known.groups.iter().find(|row| row.id.to_string() == typed);
            chosen
                .map(|row| row.id)
                .ok_or_else(|| Said::new("This group is gone. Choose another."))
        });
        let warehouse = remarks.take_optional("warehouse", &self.warehouse, |typed| {
            let mut all = known.warehouses.iter();
            all.find(|(id, _, _)| id.to_string() == typed)
                .map(|(id, _, _)| *id)
                .ok_or_else(|| Said::new("This warehouse is gone. Choose another."))
        });
        let note = remarks.take("note", optional_lines(text!("Note"), &self.note, 1000));
        Some(Profile {
            name: name?,
            kind: kind?,
            gstin,
            phone,
            email,
            language: Lang::from_code(&self.language).unwrap_or_default(),
            group,
            warehouse,
            note: note?,
        })
    }

    /// A new customer. `may_set_terms`: whether what was typed as terms counts.
    pub fn parse_new(
        mut self,
        known: &Known,
        may_set_terms: bool,
    ) -> Result<(NewCustomer, Self), Box<Self>> {
        let mut remarks = Remarks::default();
        let code = remarks.take_optional("code", &self.code, code);
        let profile = self.profile(known, &mut remarks);
        let terms = if may_set_terms {
            terms(&self.terms_days, &self.credit_limit, &mut remarks)
        } else {
            Some(Terms::default())
        };
        let gstin = profile.as_ref().and_then(|profile| profile.gstin.clone());
        let address = if self.address.is_empty() {
            None
        } else {
            self.address.parse(gstin.as_ref(), &mut remarks)
        };
        let own = gstin.as_ref().map(Gstin::as_str);
        let place = address.as_ref().and_then(|place| place.gstin.as_deref());
        if let Err(said) = rules::whose_place(own, place, false) {
            remarks.add("place_gstin", said);
        }
        self.remarks = remarks;
        match (profile, terms) {
            (Some(profile), Some(terms)) if self.remarks.is_empty() => {
                let new = NewCustomer {
                    code,
                    profile,
                    terms,
                    address,
                };
                Ok((new, self))
            }
            _ => Err(Box::new(self)),
        }
    }

    /// A change of what the sales people write.
    pub fn parse_change(
        mut self,
        known: &Known,
    ) -> Result<(Profile, DateTime<Utc>, Self), Box<Self>> {
        let mut remarks = Remarks::default();
        let profile = self.profile(known, &mut remarks);
        let version = parse_version(&self.version);
        self.remarks = remarks;
        match profile {
            Some(profile) if self.remarks.is_empty() => Ok((profile, version, self)),
            _ => Err(Box::new(self)),
        }
    }
}

/// A customer's terms.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TermsForm {
    pub terms_days: String,
    pub credit_limit: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl TermsForm {
    pub fn parse(mut self) -> Result<(Terms, DateTime<Utc>, Self), Box<Self>> {
        let terms = terms(&self.terms_days, &self.credit_limit, &mut self.remarks);
        let version = parse_version(&self.version);
        match terms {
            Some(terms) if self.remarks.is_empty() => Ok((terms, version, self)),
            _ => Err(Box::new(self)),
        }
    }
}

/// The name of a group.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NameForm {
    pub name: String,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl NameForm {
    pub fn parse(mut self) -> Result<(String, DateTime<Utc>, Self), Box<Self>> {
        let version = parse_version(&self.version);
        match self
            .remarks
            .take("name", one_line(text!("Name"), &self.name, 60))
        {
            Some(name) => Ok((name, version, self)),
            None => Err(Box::new(self)),
        }
    }
}
