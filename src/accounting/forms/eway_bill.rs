//! What was typed for an e-way bill.

use crate::accounting::actions::einvoices::Transport;
use crate::accounting::model::EWayBill;
use crate::accounting::rules::eway_bill::MODES;
use crate::kernel::dates::parse_day;
use crate::kernel::language::{Said, text};
use crate::kernel::text::optional_line;
use crate::web::Remarks;
use chrono::NaiveDate;
use serde::Deserialize;

/// How goods travel.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EWayForm {
    pub distance: String,
    pub mode: String,
    pub vehicle: String,
    pub transporter_id: String,
    pub transporter: String,
    pub paper: String,
    pub paper_date: String,
    #[serde(skip)]
    pub remarks: Remarks,
}

/// Letters and digits without spaces, in capitals.
fn compact(typed: &str, what: &'static str, sizes: (usize, usize)) -> Result<Option<String>, Said> {
    let word: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect::<String>()
        .to_uppercase();
    if word.is_empty() {
        return Ok(None);
    }
    let is_fit = (sizes.0..=sizes.1).contains(&word.len())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_fit {
        Ok(Some(word))
    } else {
        Err(Said::new(what))
    }
}

/// The number plate that is typed, if one is.
pub(super) fn plate(typed: &str) -> Result<Option<String>, Said> {
    compact(
        typed,
        text!("Type the number plate as it is registered, e.g. TN09AB1234."),
        (4, 20),
    )
}

/// The number plate that is chosen from the company's vehicles, or typed in their place; what is wrong stands beside the field.
pub(super) fn chosen_plate(
    remarks: &mut Remarks,
    (vehicle, typed): (&str, &str),
) -> Option<String> {
    let not_there = |_| Said::new("Choose a vehicle from the list.");
    let chosen = remarks.take("vehicle", plate(vehicle).map_err(not_there))?;
    let typed = remarks.take("plate", plate(typed))?;
    match (chosen, typed) {
        (None, None) => {
            let said = Said::new("Choose a vehicle, or type its number plate.");
            remarks.add("vehicle", said);
            None
        }
        (Some(chosen), Some(typed)) if chosen != typed => {
            let said = Said::new("Choose a vehicle or type a number plate, not both.");
            remarks.add("plate", said);
            None
        }
        (chosen, typed) => chosen.or(typed),
    }
}

/// Kilometres that are typed; empty is 0, and lets the portal work them out.
pub(super) fn kilometres(typed: &str, is_within: bool) -> Result<i32, Said> {
    let distance = match typed.trim() {
        "" if is_within => Err(Said::new(
            "The goods stay within one PIN code: type how many kilometres, 1 to 100.",
        )),
        "" => Ok(0),
        typed => typed
            .parse::<i32>()
            .ok()
            .filter(|km| (0..=4000).contains(km))
            .ok_or_else(|| Said::new("A distance is between 0 and 4,000 km.")),
    };
    match distance {
        Ok(km) if is_within && !(1..=100).contains(&km) => Err(Said::new(
            "The goods stay within one PIN code: type how many kilometres, 1 to 100.",
        )),
        distance => distance,
    }
}

/// What the number of a transport document is made of, as the portal's own form has it.
const fn is_of_number(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-')
}

/// What the form is held against.
#[derive(Clone, Copy, Debug)]
pub struct Road {
    /// Whether the goods stay within one PIN code.
    pub is_within: bool,
    /// The document's date.
    pub date: NaiveDate,
}

impl EWayForm {
    /// What was asked for before, with what the portal said of it beside the fields.
    pub fn again(bill: &EWayBill) -> Self {
        let word = |word: &Option<String>| word.clone().unwrap_or_default();
        let day = |day: NaiveDate| day.format("%Y-%m-%d").to_string();
        let mut form = Self {
            distance: match bill.distance_km {
                0 => String::new(),
                km => km.to_string(),
            },
            mode: bill.mode.clone(),
            vehicle: word(&bill.vehicle_no),
            transporter_id: word(&bill.transporter_id),
            transporter: word(&bill.transporter_name),
            paper: word(&bill.transport_doc_no),
            paper_date: bill.transport_doc_date.map(day).unwrap_or_default(),
            remarks: Remarks::default(),
        };
        for fault in bill.wrong() {
            let field = FIELDS.iter().find(|field| **field == fault.field);
            if let Some(field) = field {
                form.remarks.add(field, fault.said);
            }
        }
        form
    }

    /// How the goods travel, or what is wrong beside the field.
    ///
    /// # Errors
    /// The form again, with what is wrong.
    pub fn parse(mut self, road: Road) -> Result<Transport, Box<Self>> {
        let distance = kilometres(&self.distance, road.is_within);
        let distance_km = self.remarks.take("distance", distance);
        let mode = MODES.iter().find(|(code, _)| *code == self.mode);
        let mode = mode.ok_or_else(|| Said::new("Choose how the goods travel."));
        let mode = self
            .remarks
            .take("mode", mode)
            .map(|(code, _)| (*code).to_owned());
        let vehicle_no = self.remarks.take("vehicle", plate(&self.vehicle));
        let id = compact(
            &self.transporter_id,
            text!("A GSTIN or an enrolment has 15 letters and digits."),
            (15, 15),
        );
        let transporter_id = self.remarks.take("transporter_id", id);
        let name = optional_line(text!("Transporter"), &self.transporter, 100);
        let name = match name {
            Ok(Some(name)) if name.chars().count() < 3 => {
                Err(Said::new("Type at least 3 letters."))
            }
            name => name,
        };
        let transporter_name = self.remarks.take("transporter", name);
        let paper = optional_line(text!("Transport document"), &self.paper, 15);
        let paper = match paper {
            Ok(Some(number)) if !number.bytes().all(is_of_number) => Err(Said::new(
                "The portal takes letters, digits, hyphens and slashes.",
            )),
            paper => paper,
        };
        let transport_doc_no = self.remarks.take("paper", paper);
        let transport_doc_date = self.paper_day(road.date);
        let transport = Transport {
            distance_km: distance_km.unwrap_or_default(),
            mode: mode.unwrap_or_default(),
            vehicle_no: vehicle_no.flatten(),
            transporter_id: transporter_id.flatten(),
            transporter_name: transporter_name.flatten(),
            transport_doc_no: transport_doc_no.flatten(),
            transport_doc_date: transport_doc_date.flatten(),
        };
        if self.remarks.is_empty() {
            self.together(&transport);
        }
        if self.remarks.is_empty() {
            Ok(transport)
        } else {
            Err(Box::new(self))
        }
    }

    fn paper_day(&mut self, document: NaiveDate) -> Option<Option<NaiveDate>> {
        let date = match self.paper_date.trim() {
            "" => Ok(None),
            typed => match parse_day(typed) {
                Some(day) if day < document => Err(Said::new(
                    "The transport document can't be older than the invoice.",
                )),
                Some(day) => Ok(Some(day)),
                None => Err(Said::new("Enter a date.")),
            },
        };
        self.remarks.take("paper_date", date)
    }

    /// What the fields have to say together: who carries the goods, by road with a vehicle, else with a document; or the transporter who
    /// adds that later.
    fn together(&mut self, transport: &Transport) {
        let has_number = transport.transport_doc_no.is_some();
        let has_paper = has_number && transport.transport_doc_date.is_some();
        let is_road = transport.mode == "1";
        if has_number != transport.transport_doc_date.is_some() {
            let field = if has_number { "paper_date" } else { "paper" };
            let said = Said::new("A transport document has a number and a date.");
            self.remarks.add(field, said);
        } else if !is_road && transport.vehicle_no.is_some() && !has_paper {
            self.remarks.add(
                "paper",
                Said::new("By rail, air or ship, type the transport document and its date."),
            );
        } else if is_road
            && transport.vehicle_no.is_none()
            && !has_paper
            && transport.transporter_id.is_none()
        {
            let said = Said::new(
                "Type the vehicle, the transport document with its date, or the transporter.",
            );
            self.remarks.add("vehicle", said);
        } else if !is_road && !has_paper && transport.transporter_id.is_none() {
            self.remarks.add(
                "paper",
                Said::new("By rail, air or ship, type the transport document and its date."),
            );
        }
    }
}

/// Fields that the portal may say something about.
const FIELDS: [&str; 5] = ["vehicle", "distance", "transporter_id", "paper", "mode"];
