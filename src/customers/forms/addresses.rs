//! What was typed about an address.

use crate::customers::actions::NewAddress;
use crate::kernel::dates::parse_version;
use crate::kernel::gstin::Gstin;
use crate::kernel::language::{Said, text};
use crate::kernel::phone::Phone;
use crate::kernel::pin::{PIN_ABROAD, Pin};
use crate::kernel::state::State;
use crate::kernel::text::one_line;
use crate::web::Remarks;
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// The "state" of an address abroad.
pub const ABROAD: &str = "96";

/// The fields of an address, which stand in more than one form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TypedAddress {
    pub label: String,
    pub street: String,
    pub town: String,
    pub pincode: String,
    pub state: String,
    pub country: String,
    pub place_gstin: String,
    pub third_person: String,
    pub place_phone: String,
}

impl TypedAddress {
    /// Whether nothing but the label was filled in.
    pub fn is_empty(&self) -> bool {
        [&self.street, &self.town, &self.pincode, &self.place_gstin]
            .iter()
            .all(|typed| typed.trim().is_empty())
    }

    /// `customer`: the customer's own GSTIN, which names the state when nothing else does.
    pub fn parse(&self, customer: Option<&Gstin>, remarks: &mut Remarks) -> Option<NewAddress> {
        let label = remarks.take(
            "label",
            one_line(text!("Name of the place"), &self.label, 60),
        );
        let street = remarks.take(
            "street",
            one_line(text!("Street and area"), &self.street, 300),
        );
        let city = remarks.take("town", one_line(text!("City"), &self.town, 100));
        let is_abroad = self.state == ABROAD;
        let pin = if is_abroad {
            None
        } else {
            remarks.take("pincode", self.pincode.parse::<Pin>())
        };
        let country = remarks.take("country", self.country(is_abroad));
        let gstin = remarks.take_optional("place_gstin", &self.place_gstin, |typed| {
            typed.parse::<Gstin>()
        });
        // Where somebody else is the customer's own GSTIN does not say.
        let is_third_person = self.third_person == "on";
        let state = self.state(gstin.as_ref().or(customer.filter(|_| !is_third_person)));
        let state = remarks.take("state", state);
        let phone = remarks
            .take_optional("place_phone", &self.place_phone, |typed| {
                typed.parse::<Phone>()
            })
            .map(|phone| phone.as_str().to_owned());
        if let (Some(own), Some(state)) = (&gstin, state)
            && own.state() != state
        {
            remarks.add(
                "state",
                Said::new("The GSTIN of this place is of {state}.")
                    .naming("state", own.state().name()),
            );
        }
        let pincode = match (pin, state) {
            _ if is_abroad => Some(PIN_ABROAD.to_owned()),
            (Some(pin), Some(state)) => remarks
                .take("pincode", pin.within(state))
                .map(|pin| pin.as_str().to_owned()),
            _ => None,
        };
        Some(NewAddress {
            label: label?,
            street: street?,
            city: city?,
            pincode: pincode?,
            state: state?,
            country: country?,
            gstin: gstin.map(|gstin| gstin.as_str().to_owned()),
            is_third_person,
            phone,
        })
    }

    fn country(&self, is_abroad: bool) -> Result<String, Said> {
        let typed = self.country.trim().to_uppercase();
        match (is_abroad, typed.as_str()) {
            (false, "" | "IN") => Ok("IN".to_owned()),
            (false, _) => Err(Said::new(
                "For an address abroad choose the state Other country. Else leave this empty.",
            )),
            (true, code)
                if code.len() == 2
                    && code.bytes().all(|b| b.is_ascii_uppercase())
                    && code != "IN" =>
            {
                Ok(typed)
            }
            (true, _) => Err(Said::new(
                "Enter the two letters of the country, like AE for the Emirates.",
            )),
        }
    }

    fn state(&self, gstin: Option<&Gstin>) -> Result<State, Said> {
        if self.state.is_empty() {
            return gstin
                .map(Gstin::state)
                .ok_or_else(|| Said::new("Choose a state from the list."));
        }
        State::current()
            .chain(State::by_code(ABROAD))
            .find(|known| known.code() == self.state)
            .ok_or_else(|| Said::new("Choose a state from the list."))
    }
}

/// An address by itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AddressForm {
    #[serde(flatten)]
    pub typed: TypedAddress,
    pub version: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

impl AddressForm {
    pub fn parse(
        mut self,
        customer: Option<&Gstin>,
    ) -> Result<(NewAddress, DateTime<Utc>, Self), Box<Self>> {
        let address = self.typed.parse(customer, &mut self.remarks);
        let version = parse_version(&self.version);
        match address {
            Some(address) if self.remarks.is_empty() => Ok((address, version, self)),
            _ => Err(Box::new(self)),
        }
    }
}
