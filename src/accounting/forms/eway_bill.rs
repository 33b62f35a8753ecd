//! What was typed for an e-way bill.

use crate::accounting::actions::einvoices::Transport;
use crate::accounting::rules::eway_bill::MODES;
use crate::kernel::dates::parse_day;
use crate::kernel::language::{Said, text};
use crate::kernel::text::optional_line;
use crate::web::Remarks;
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

impl EWayForm {
    /// How the goods travel, or what is wrong beside the field.
    pub fn parse(mut self) -> Result<Transport, Box<Self>> {
        let distance = match self.distance.trim() {
            "" => Ok(0),
            typed => typed
                .parse::<i32>()
                .ok()
                .filter(|km| (0..=4000).contains(km))
                .ok_or_else(|| Said::new("A distance is between 0 and 4,000 km.")),
        };
        let distance_km = self.remarks.take("distance", distance);
        let mode = MODES.iter().find(|(code, _)| *code == self.mode);
        let mode = mode.ok_or_else(|| Said::new("Choose how the goods travel."));
        let mode = self
            .remarks
            .take("mode", mode)
            .map(|(code, _)| (*code).to_owned());
        let vehicle = compact(
            &self.vehicle,
            text!("Type the number plate as it is registered, e.g. TN09AB1234."),
            (4, 20),
        );
        let vehicle_no = self.remarks.take("vehicle", vehicle);
        let id = compact(
            &self.transporter_id,
            text!("A GSTIN or an enrolment has 15 letters and digits."),
            (15, 15),
        );
        let transporter_id = self.remarks.take("transporter_id", id);
        let name =
            optional_line(text!("Transporter"), &self.transporter, 100).and_then(
                |name| match &name {
                    Some(name) if name.chars().count() < 3 => {
                        Err(Said::new("Type at least 3 letters."))
                    }
                    _ => Ok(name),
                },
            );
        let transporter_name = self.remarks.take("transporter", name);
        let paper = optional_line(text!("Transport document"), &self.paper, 15);
        let transport_doc_no = self.remarks.take("paper", paper);
        let date = match self.paper_date.trim() {
            "" => Ok(None),
            typed => parse_day(typed)
                .map(Some)
                .ok_or_else(|| Said::new("Enter a date.")),
        };
        let transport_doc_date = self.remarks.take("paper_date", date);
        let (
            Some(distance_km),
            Some(mode),
            Some(vehicle_no),
            Some(transporter_id),
            Some(transporter_name),
            Some(transport_doc_no),
            Some(transport_doc_date),
        ) = (
            distance_km,
            mode,
            vehicle_no,
            transporter_id,
            transporter_name,
            transport_doc_no,
            transport_doc_date,
        )
        else {
            return Err(Box::new(self));
        };
        let has_paper = transport_doc_no.is_some() && transport_doc_date.is_some();
        if vehicle_no.is_none() && !has_paper && transporter_id.is_none() {
            let said = Said::new(
                "Type the vehicle, the transport document with its date, or the transporter.",
            );
            self.remarks.add("vehicle", said);
            return Err(Box::new(self));
        }
        if transport_doc_no.is_some() != transport_doc_date.is_some() {
            let said = Said::new("A transport document has a number and a date.");
            self.remarks.add("paper_date", said);
            return Err(Box::new(self));
        }
        Ok(Transport {
            distance_km,
            mode,
            vehicle_no,
            transporter_id,
            transporter_name,
            transport_doc_no,
            transport_doc_date,
        })
    }
}
