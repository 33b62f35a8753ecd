//! E-way bills made with a registration or from one: whether one may be made, how far the goods go, how long it is valid.

use super::check::{Document, day, masters};
use super::codes::Refusal;
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use serde_json::Value;

/// The farthest that a bill covers, in km.
const FARTHEST: u64 = 4000;
/// The farthest between two places of one pincode, in km.
const FARTHEST_WITHIN: u64 = 100;
/// No bill for documents older than this many days.
const OLDEST_DAYS: i64 = 180;

/// What a bill says.
#[derive(Debug, PartialEq, Eq)]
pub struct Bill {
    /// In km.
    pub distance: u64,
    /// Indian time; none while there is no vehicle or transport document.
    pub valid_until: Option<NaiveDateTime>,
    /// The distance, where the registrar found it.
    pub remark: Option<String>,
    /// The vehicle that it names, as answers show it.
    pub vehicle: Option<Value>,
}

/// The bill for a registered document, from the transport part of what was sent. `now` is Indian time.
///
/// # Errors
/// The codes that stand against it.
pub fn bill(part: &Value, document: &Document, now: NaiveDateTime) -> Result<Bill, Vec<Refusal>> {
    let mut codes = Vec::new();
    let is_goods = |item: &Value| item.get("IsServc").and_then(Value::as_str) != Some("Y");
    if document.doc_type() != "INV" {
        codes.push("4010");
    } else if !document.items().iter().any(is_goods) {
        codes.push("4009");
    }
    if document
        .date()
        .is_some_and(|date| (now.date() - date).num_days() > OLDEST_DAYS)
    {
        codes.push("4043");
    }
    ship_to(part, document, now.date(), &mut codes);
    let distance = distance(part, document, &mut codes);
    let has_transport = transport(part, &mut codes);
    let refusals: Vec<Refusal> = codes
        .into_iter()
        .map(Refusal::of)
        .chain(misshapen(part))
        .collect();
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let (distance, remark) = distance;
    Ok(Bill {
        distance,
        valid_until: has_transport.then(|| {
            let is_slow = word(part, "VehType") == "O" || word(part, "TransMode") == "4";
            valid_until(now, distance, is_slow)
        }),
        remark,
        vehicle: has_transport.then(|| first(part, document, now)).flatten(),
    })
}

/// The vehicle that a bill is made with.
fn first(part: &Value, document: &Document, now: NaiveDateTime) -> Option<Value> {
    let number = part.get("VehNo").and_then(Value::as_str)?;
    let seller = document.part("/SellerDtls");
    let from = document.part("/DispDtls").or(seller);
    Some(serde_json::json!({
        "updMode": "API",
        "vehicleNo": number,
        "fromPlace": from.and_then(|from| from.get("Loc")),
        "fromState": from.and_then(|from| from.get("Stcd")),
        "enteredDate": older(now),
        "transMode": word(part, "TransMode"),
    }))
}

/// A moment of Indian time as the older system writes it.
pub fn older(at: NaiveDateTime) -> String {
    at.format("%d/%m/%Y %I:%M:%S %p").to_string()
}

/// The end of the day so many days after the vehicle was named: one day for each 200 km begun, for over-dimensional cargo and ships each 20.
pub fn valid_until(named_at: NaiveDateTime, distance: u64, is_slow: bool) -> NaiveDateTime {
    let days = distance.div_ceil(if is_slow { 20 } else { 200 }).max(1);
    let last = named_at
        .date()
        .checked_add_days(Days::new(days))
        .unwrap_or(NaiveDate::MAX);
    last.and_time(NaiveTime::from_hms_opt(23, 59, 0).unwrap_or_default())
}

/// Exports need to say where the goods leave; whoever else receives them needs a GSTIN.
fn ship_to(part: &Value, document: &Document, today: NaiveDate, codes: &mut Vec<&str>) {
    let place = part
        .get("ExpShipDtls")
        .filter(|place| place.is_object())
        .or_else(|| document.part("/ShipDtls"));
    let Some(place) = place else {
        if document.is_export() {
            codes.push("4031");
        }
        return;
    };
    let gstin = word(place, "Gstin");
    // Asked for since August 2026.
    let is_asked = NaiveDate::from_ymd_opt(2026, 8, 1).is_some_and(|from| today >= from);
    if gstin.is_empty() {
        if is_asked {
            codes.push("4074");
        }
    } else if gstin != "URP" {
        let state = masters::two_digits(word(place, "Stcd"));
        if gstin.len() != 15 || !gstin.starts_with(&state) {
            codes.push("4075");
        } else if gstin == document.buyer() {
            codes.push("4076");
        }
    }
}

/// The distance that was passed, or the registrar's own for 0, with the sentence that tells it.
fn distance(part: &Value, document: &Document, codes: &mut Vec<&str>) -> (u64, Option<String>) {
    let pin = |place: &Value| place.get("Pin").and_then(Value::as_u64);
    let own = |name: &str| {
        part.get(name)
            .filter(|place| place.is_object())
            .and_then(pin)
    };
    let sent = |pointer: &str| document.part(pointer).and_then(pin);
    let from = own("DispDtls")
        .or_else(|| sent("/DispDtls"))
        .or_else(|| sent("/SellerDtls"))
        .unwrap_or_default();
    let to = own("ExpShipDtls")
        .or_else(|| sent("/ShipDtls"))
        .or_else(|| sent("/BuyerDtls"))
        .unwrap_or_default();
    match part.get("Distance").and_then(Value::as_u64) {
        Some(0) if from == to => {
            codes.push("4029");
            (0, None)
        }
        Some(0) => {
            // There is no table of roads here: areas that are numbered far apart count as far apart.
            let found = ((from / 1000).abs_diff(to / 1000) * 6 + 25).min(FARTHEST);
            let remark = format!("Distance between these two pincodes is {found}");
            (found, Some(remark))
        }
        Some(km) if km <= FARTHEST && (from != to || km <= FARTHEST_WITHIN) => (km, None),
        _ => {
            codes.push("4013");
            (0, None)
        }
    }
}

/// Whether a vehicle or a transport document is named (Part B); without, a transporter has to be.
fn transport(part: &Value, codes: &mut Vec<&str>) -> bool {
    let transporter = word(part, "TransId");
    if !transporter.is_empty() && transporter.len() != 15 {
        codes.push("4018");
    }
    let vehicle = word(part, "VehNo");
    let has_paper = !word(part, "TransDocNo").is_empty() && day(word(part, "TransDocDt")).is_some();
    match word(part, "TransMode") {
        "" => {
            if transporter.is_empty() {
                codes.push("4019");
            }
            false
        }
        "1" if vehicle.is_empty() && !has_paper => {
            codes.push("4011");
            false
        }
        "1" if !vehicle.is_empty() && !is_vehicle(vehicle) => {
            codes.push("4014");
            false
        }
        "1" => true,
        _ if !has_paper => {
            codes.push("4012");
            false
        }
        _ => true,
    }
}

/// The number of a transport document is 1 to 15 letters, digits, hyphens and slashes.
fn misshapen(part: &Value) -> Option<Refusal> {
    let number = part.get("TransDocNo").and_then(Value::as_str)?;
    let is_fit = (1..=15).contains(&number.len())
        && number
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-'));
    (!is_fit).then(|| {
        Refusal::about(
            "5002",
            "TransDocNo does not match the pattern ^[a-zA-Z0-9/-]{1,15}$",
        )
    })
}

/// `KA12AB1234`, `DL1CAB1234`, `22BH1234AA`, or temporary, `TR…`.
pub fn is_vehicle(number: &str) -> bool {
    let kinds: String = number
        .chars()
        .map(|c| match c {
            'A'..='Z' => 'A',
            '0'..='9' => '0',
            _ => '?',
        })
        .collect();
    let rest = kinds.trim_start_matches('A');
    let (state, rest) = (kinds.len() - rest.len(), rest);
    if number.starts_with("TR") && !kinds.contains('?') {
        return (7..=15).contains(&number.len());
    }
    if state == 0 {
        return number.get(2..4) == Some("BH")
            && matches!(kinds.as_str(), "00AA0000A" | "00AA0000AA");
    }
    let after_district = rest.trim_start_matches('0');
    let district = rest.len() - after_district.len();
    let digits = after_district.trim_start_matches('A');
    let series = after_district.len() - digits.len();
    let is_last = !digits.is_empty() && digits.len() <= 4 && digits.chars().all(|c| c == '0');
    // Without a series the district's digits and the number run together: `KA121234`.
    state == 2
        && ((1..=2).contains(&district) && (1..=3).contains(&series) && is_last
            || (5..=6).contains(&district) && after_district.is_empty())
}

fn word<'a>(object: &'a Value, field: &str) -> &'a str {
    object
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default()
}
