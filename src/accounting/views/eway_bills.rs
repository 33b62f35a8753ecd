//! E-way bills, as people see them.

use super::Changes;
use super::einvoices::{Wrong, wrongs_of};
use crate::accounting::actions::einvoices::{Goods, road};
use crate::accounting::forms::{CancelForm, EWayForm};
use crate::accounting::model::{Carried, Document, EWayBill, Listed, VehicleChange};
use crate::accounting::rules::eway_bill::{Consignment, MODES, Status, until};
use crate::accounting::rules::eway_vehicle::may_change;
use crate::error::AppError;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::logistics::model::Vehicle;
use crate::web::components::{Choice, Confirm, Empty, Field, Pill, Summary};
use crate::web::filters;
use crate::web::forms::new_key;
use crate::web::layout::Shell;
use crate::web::list::ListQuery;
use crate::web::listing::{ListBuilder, Listing};
use askama::Template;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Why a bill is cancelled, as the portal counts: another order than that of documents.
const REASONS: [(&str, &str); 4] = [
    ("1", text!("There are two of it")),
    ("2", text!("The order was cancelled")),
    ("3", text!("Something in it is wrong")),
    ("4", text!("Another reason")),
];

/// A bill.
pub struct BillCard {
    pub id: Uuid,
    pub number: Option<String>,
    pub pill: Pill,
    pub carrier: String,
    pub distance: Option<String>,
    pub made_at: Option<String>,
    pub valid_until: Option<String>,
    /// Whether it is made and nobody has named a vehicle: the goods may not leave yet.
    pub has_part_a_only: bool,
    pub next: Option<String>,
    pub wrongs: Vec<Wrong>,
    /// Until when it may be cancelled, for whoever may.
    pub may_cancel_until: Option<String>,
    /// Why it is cancelled, in words.
    pub remark: Option<String>,
    /// Whether its vehicle may be changed, as far as it shows here.
    pub may_change_vehicle: bool,
    /// Changes of its vehicle, the newest first.
    pub changes: Changes,
}

impl BillCard {
    pub fn new(
        lang: Lang,
        (base, may_send): (&str, bool),
        (bill, changes, supplier_gstin): (EWayBill, &[VehicleChange], &str),
        now: DateTime<Utc>,
    ) -> Self {
        let (tone, shape) = bill.status.pill();
        let is_active = bill.status == Status::Active;
        let is_asked = bill.cancel_asked_at.is_some() && is_active;
        let is_over = is_active && bill.valid_until.is_some_and(|until| until < now);
        let pill = match (is_asked, is_over) {
            (true, _) => Pill::new(lang.t("Being cancelled"), "warn", "half"),
            (false, true) => Pill::new(lang.t("No longer valid"), "warn", "full"),
            (false, false) => Pill::new(lang.t(bill.status.label()), tone, shape),
        };
        let at = |at: DateTime<Utc>| dates::full_date_and_time(at, lang);
        let may_cancel_until = bill
            .made_at
            .map(until)
            .filter(|until| may_send && is_active && !is_asked && now <= *until);
        let is_being_changed = changes.iter().any(VehicleChange::is_open);
        let facts = bill.vehicle_facts(supplier_gstin, is_being_changed);
        Self {
            may_change_vehicle: may_send && may_change(&facts, now).is_ok(),
            changes: Changes::new(lang, base, changes),
            id: bill.id.uuid(),
            pill,
            wrongs: wrongs_of(lang, base, bill.wrong()),
            carrier: carrier(&bill),
            distance: (bill.distance_km > 0)
                .then(|| lang.say(&Said::new("{number} km").with("number", bill.distance_km))),
            made_at: bill.made_at.map(at),
            valid_until: bill.valid_until.map(at),
            has_part_a_only: is_active && bill.valid_until.is_none(),
            next: bill.next_try_at.map(|at| dates::date_and_time(at, lang)),
            may_cancel_until: may_cancel_until.map(at),
            remark: bill.cancel_remark,
            number: bill.number,
        }
    }
}

/// Who or what carries the goods.
fn carrier(bill: &EWayBill) -> String {
    let parts = [
        &bill.vehicle_no,
        &bill.transport_doc_no,
        &bill.transporter_name,
        &bill.transporter_id,
    ];
    let parts: Vec<&str> = parts.into_iter().filter_map(Option::as_deref).collect();
    parts.join(" · ")
}

/// The company's vehicles to choose from; the plate of another one is typed.
pub fn plates(lang: Lang, vehicles: &[Vehicle], chosen: &str) -> Field {
    let other = Choice::new("", lang.t("Another one: type its number plate"), chosen);
    let own = vehicles.iter().map(|vehicle| {
        let label = format!("{} · {}", vehicle.name, vehicle.registration_no);
        Choice::new(&vehicle.registration_no, label, chosen)
    });
    let choices = std::iter::once(other).chain(own);
    Field::new("select", "vehicle", lang.t("Vehicle")).choices(choices.collect())
}

/// Whether goods need a bill, and why, in words.
pub fn need_of(lang: Lang, consignment: &Consignment) -> (bool, String) {
    (consignment.needs_bill(), lang.say(&consignment.need()))
}

/// A bill in the list, with its document.
pub struct BillRow {
    pub card: BillCard,
    pub around: Carried,
}

#[derive(Template)]
#[template(path = "accounting/einvoices/eway_bills.html")]
pub struct EWayBillsPage {
    pub shell: Shell,
    pub list: Listing,
    pub rows: Vec<BillRow>,
    pub base: String,
    pub may_send: bool,
}

impl EWayBillsPage {
    pub fn new(
        shell: Shell,
        lang: Lang,
        (base, may_send): (String, bool),
        query: &ListQuery,
        (found, now): (Listed, DateTime<Utc>),
    ) -> Self {
        let first = Empty {
            icon: "truck",
            heading: lang.t("No e-way bills yet").into_owned(),
            text: lang
                .t("An e-way bill is made from a registered document, on its page.")
                .into_owned(),
            action: None,
        };
        let list = ListBuilder::new(query, lang, lang.t("Number, vehicle or customer"))
            .states(Status::CODES, Status::label)
            .finish(
                &found.page,
                found.count,
                first,
                lang.t("No e-way bills match"),
            );
        // A document whose bill was cancelled may have another one on the same page.
        let around = found.around;
        let rows = found.page.rows.into_iter().map(|bill| {
            let around = around.get(&bill.document_id).cloned().unwrap_or_default();
            let gstin = &around.supplier_gstin;
            let card = BillCard::new(lang, (&base, may_send), (bill, &[], gstin), now);
            BillRow { around, card }
        });
        let rows = rows.collect();
        Self {
            shell,
            list,
            rows,
            base,
            may_send,
        }
    }
}

#[derive(Template)]
#[template(path = "accounting/einvoices/eway_bill.html")]
pub struct EWayPage {
    pub shell: Shell,
    pub path: String,
    pub document: Document,
    /// From where to where.
    pub road: String,
    /// Whether the goods need one, in words.
    pub need: String,
    /// What the portal said of the one before.
    pub wrongs: Vec<Wrong>,
    pub fields: Vec<Field>,
    pub summary: Option<Summary>,
    pub key: Uuid,
}

impl EWayPage {
    pub fn new(
        shell: Shell,
        (lang, base): (Lang, &str),
        (document, goods): (Document, Goods),
        form: &EWayForm,
    ) -> Result<Self, AppError> {
        let typed = |kind, name, label: &str, value: &str| {
            Field::new(kind, name, lang.t(label))
                .value(value)
                .autocomplete("off")
                .remarks(&form.remarks, lang)
        };
        let modes = MODES.map(|(code, label)| Choice::new(code, lang.t(label), &form.mode));
        let (from, to) = road(&document)?;
        let road = Said::new("From {from} to {to}")
            .with("from", format!("{} {}", from.city, from.pincode))
            .with("to", format!("{} {}", to.city, to.pincode));
        let before = goods
            .bill
            .as_ref()
            .filter(|bill| bill.status == Status::Refused);
        Ok(Self {
            path: format!("{base}/e-invoices/{}", document.url_no),
            road: lang.say(&road),
            need: need_of(lang, &goods.consignment).1,
            wrongs: before.map_or_else(Vec::new, |bill| wrongs_of(lang, base, bill.wrong())),
            fields: vec![
                Field::new("select", "mode", lang.t("How the goods travel"))
                    .choices(modes.into())
                    .remarks(&form.remarks, lang),
                typed("text", "vehicle", text!("Vehicle"), &form.vehicle)
                    .optional()
                    .hint(lang.t("Number plate. Without one the transporter adds it later.")),
                typed("text", "distance", text!("Kilometres"), &form.distance)
                    .optional()
                    .inputmode("numeric")
                    .hint(if goods.is_within {
                        lang.t("The goods stay within one PIN code: 1 to 100 km.")
                    } else {
                        lang.t("Empty: the portal works it out from the PIN codes.")
                    }),
                typed(
                    "text",
                    "transporter_id",
                    text!("GSTIN of the transporter"),
                    &form.transporter_id,
                )
                .optional(),
                typed(
                    "text",
                    "transporter",
                    text!("Transporter"),
                    &form.transporter,
                )
                .optional(),
                typed("text", "paper", text!("Transport document"), &form.paper).optional(),
                typed("date", "paper_date", text!("Its date"), &form.paper_date).optional(),
            ],
            summary: form.remarks.summary(lang),
            shell,
            document,
            key: new_key(),
        })
    }
}

/// The question before an e-way bill is cancelled.
pub fn eway_cancel_question(lang: Lang, base: &str, bill: &EWayBill, form: &CancelForm) -> Confirm {
    let number = bill.number.clone().unwrap_or_default();
    let reasons = REASONS.map(|(code, label)| Choice::new(code, lang.t(label), &form.code));
    Confirm {
        question: lang.say(&Said::new("Cancel the e-way bill {number}?").with("number", &number)),
        effect: lang
            .t("The goods may not travel with it any more. This can't be undone.")
            .into_owned(),
        action: format!("{base}/e-way-bills/{}/cancel", bill.id),
        verb: lang.t("Cancel it").into_owned(),
        back: format!("{base}/e-way-bills"),
        keep: lang.t("Keep it").into_owned(),
        key: new_key(),
        fields: vec![
            Field::new("select", "code", lang.t("Reason"))
                .choices(reasons.into())
                .remarks(&form.remarks, lang),
            Field::text("reason", lang.t("Reason in your words"))
                .value(&form.reason)
                .hint(lang.t("The authority keeps it: at most 100 letters."))
                .autocomplete("off")
                .remarks(&form.remarks, lang),
        ],
    }
}
