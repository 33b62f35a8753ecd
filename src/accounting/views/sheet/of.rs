//! A tax document's rows as a sheet: which columns, which legends, which words.

use super::lines::{Goods, Heads, by_hsn, lines_table};
use super::people::{head, people, state};
use super::sums::{pay, totals};
use super::{Cancelled, Fact, Irn, Label, Qr, Sheet, Tongues, Weight};
use crate::accounting::model::{Document, DocumentLine, EInvoice, Parties};
use crate::accounting::rules::document::{Kind, Reason, Status};
use crate::accounting::rules::einvoice;
use crate::kernel::country;
use crate::kernel::dates;
use crate::kernel::language::{Lang, Said, text};
use crate::kernel::money::Money;
use crate::kernel::number;
use crate::kernel::qr::Strength;
use crate::kernel::words;
use crate::tax::rules::SupplyType;

/// The total in words. It says so: what is open may stand right above it.
fn in_words(total: Money, lang: Lang) -> String {
    let said = Said::new("Total in words: {words}");
    lang.say(&said.with("words", words::rupees(total, lang)))
}

/// The words of rule 46 on supplies that bear no tax in the end.
const WITH_PAYMENT: &str = "SUPPLY MEANT FOR EXPORT/SUPPLY TO SEZ UNIT OR SEZ DEVELOPER FOR AUTHORISED OPERATIONS ON PAYMENT OF INTEGRATED TAX";
const WITHOUT_PAYMENT: &str = "SUPPLY MEANT FOR EXPORT/SUPPLY TO SEZ UNIT OR SEZ DEVELOPER FOR AUTHORISED OPERATIONS UNDER BOND OR LETTER OF UNDERTAKING WITHOUT PAYMENT OF INTEGRATED TAX";
/// The words of rule 5(1)(f) of the composition rules.
const COMPOSITION: &str = "composition taxable person, not eligible to collect tax on supplies";

/// The copies of rule 48.
const COPIES: [&str; 3] = [
    text!("Original for recipient"),
    text!("Duplicate for transporter"),
    text!("Triplicate for supplier"),
];

/// The copies of services, which nobody transports.
const COPIES_OF_SERVICES: [&str; 2] = [
    text!("Original for recipient"),
    text!("Duplicate for supplier"),
];

/// What stands beside a document and is not frozen with it.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// How it stands at the authority.
    pub einvoice: Option<EInvoice>,
    /// What is open of it today; `None` where it is nobody's to pay.
    pub open: Option<Money>,
    /// The company's logo, as a PNG.
    pub logo: Option<Vec<u8>>,
    /// Where the screen finds it.
    pub logo_url: Option<String>,
    /// The company's colour, in degrees.
    pub hue: u16,
    /// Which copy, from 1.
    pub copy: usize,
}

impl Sheet {
    /// A tax document, as it was issued and as it stands today.
    pub fn of(
        document: &Document,
        lines: &[DocumentLine],
        beside: &Beside,
        tongues: Tongues,
    ) -> Self {
        let parties = document.parties();
        let goods: Vec<Goods<'_>> = lines.iter().map(Goods::of_line).collect();
        let heads = Heads::of(document, &goods);
        let is_dead = document.status == Status::Cancelled;
        let open = beside.open.filter(|_| !is_dead);
        Self {
            tongues,
            title: tongues.label(title(document)),
            copy: copy(lines, beside, tongues),
            number: document.number.clone(),
            date: dates::date(document.document_date, tongues.first),
            made_at: document.issued_at,
            head: head(&document.supplier_gstin, &parties, beside),
            facts: facts(document, &parties, tongues),
            parties: people(document.buyer_gstin.as_deref(), &parties, tongues),
            legends: legends(document, &parties),
            cancelled: cancelled(document, tongues),
            irn: irn(document, beside, tongues),
            lines: lines_table(document.currency.as_deref(), &goods, &heads, tongues),
            by_hsn: (lines.len() > 1).then(|| {
                let label = tongues.label(text!("Tax by HSN"));
                (label, by_hsn(&goods, &heads, tongues))
            }),
            totals: totals(document, &heads, open, tongues),
            words: Some(Label {
                text: in_words(document.total, tongues.first),
                second: tongues.second.map(|lang| in_words(document.total, lang)),
            }),
            pay: is_payable(document)
                .then(|| {
                    let due = open.unwrap_or(document.total);
                    pay(&parties, due, &document.number, tongues)
                })
                .flatten(),
            terms: parties
                .terms
                .iter()
                .flat_map(|terms| terms.lines().map(str::to_owned))
                .collect(),
            signature: Some((
                tongues.say(&Said::new("For {company}").with("company", &parties.seller.name)),
                tongues.label(text!("Authorised signatory")),
            )),
            closing: tongues.label(text!("Made by a computer; valid without a seal.")),
        }
    }
}

/// Whether anybody owes what it says.
fn is_payable(document: &Document) -> bool {
    let is_bill = matches!(
        document.kind,
        Kind::Invoice | Kind::BillOfSupply | Kind::DebitNote
    );
    is_bill && document.status == Status::Issued
}

fn title(document: &Document) -> &'static str {
    match document.kind {
        Kind::Invoice => text!("Tax invoice"),
        Kind::BillOfSupply => text!("Bill of supply"),
        Kind::CreditNote => text!("Credit note"),
        Kind::DebitNote => text!("Debit note"),
        Kind::CommercialNote => text!("Commercial credit note"),
    }
}

/// The copies of a document by their names, the original first; keys of the message catalogue.
pub fn copies(lines: &[DocumentLine]) -> &'static [&'static str] {
    if lines.iter().all(|line| line.is_service) {
        &COPIES_OF_SERVICES
    } else {
        &COPIES
    }
}

/// The name of a copy. Documents that the authority knows have none: the rule on copies leaves them out.
fn copy(lines: &[DocumentLine], beside: &Beside, tongues: Tongues) -> Option<Label> {
    let is_registered = beside
        .einvoice
        .as_ref()
        .is_some_and(|einvoice| einvoice.ack_no.is_some());
    let wanted = beside.copy.max(1);
    if is_registered && wanted == 1 {
        return None;
    }
    copies(lines)
        .get(wanted - 1)
        .map(|name| tongues.label(name))
}

/// A fact that does not stand out.
pub fn fact(label: Label, value: impl Into<String>) -> Fact {
    Fact {
        label,
        value: value.into(),
        weight: Weight::Plain,
    }
}

fn facts(document: &Document, parties: &Parties, tongues: Tongues) -> Vec<Fact> {
    let label = |key| tongues.label(key);
    let day = |day| dates::date(day, tongues.first);
    let mut facts = vec![
        Fact {
            weight: Weight::Strong,
            ..fact(label(text!("Number")), &document.number)
        },
        fact(label(text!("Date")), day(document.document_date)),
    ];
    if let Some(due) = document.due_on {
        facts.push(fact(label(text!("Due")), day(due)));
    }
    if let Some(original) = &parties.original {
        facts.push(fact(label(text!("Original invoice")), &original.number));
        facts.push(fact(
            label(text!("Date of the original")),
            day(original.date),
        ));
    }
    if let Some(reason) = document.reason {
        facts.push(fact(
            label(text!("Reason")),
            tongues.first.t(reason_word(reason)),
        ));
    }
    if let Some(order) = &parties.order_no {
        facts.push(fact(label(text!("Order")), order));
    }
    if let Some(po) = &document.po_number {
        facts.push(fact(label(text!("Your order no.")), po));
    }
    if let Some(vehicle) = &parties.vehicle {
        facts.push(fact(label(text!("Vehicle")), vehicle));
    }
    facts.push(fact(
        label(text!("Place of supply")),
        state(document.place_of_supply.code()),
    ));
    facts.extend(exchange(document, tongues));
    let is_without_payment = matches!(
        document.supply_type,
        SupplyType::SezWithoutPayment | SupplyType::ExportWithoutPayment
    );
    if let Some(undertaking) = parties.undertaking.as_ref().filter(|_| is_without_payment) {
        facts.push(fact(label(text!("Letter of undertaking")), undertaking));
    }
    let reverse = if document.is_reverse_charge {
        text!("Yes")
    } else {
        text!("No")
    };
    // The law wants it said either way.
    facts.push(fact(
        label(text!("Reverse charge")),
        tongues.label(reverse).text,
    ));
    facts
}

/// What the prices are in where that is not rupees: the rate, where it is from, and of which day it is.
fn exchange(document: &Document, tongues: Tongues) -> Vec<Fact> {
    let (Some(currency), Some(rate)) = (&document.currency, document.fx_rate) else {
        return Vec::new();
    };
    let label = |key| tongues.label(key);
    let rate = number::indian(rate);
    let mut facts = vec![fact(
        label(text!("Rate of exchange")),
        format!("1 {currency} = ₹{rate}"),
    )];
    if let Some(source) = &document.fx_source {
        facts.push(fact(label(text!("Source of the rate")), source));
    }
    if let Some(on) = document.fx_on {
        let on = dates::date(on, tongues.first);
        facts.push(fact(label(text!("Day of the rate")), on));
    }
    facts
}

fn reason_word(reason: Reason) -> &'static str {
    match reason {
        Reason::Return => text!("Goods came back"),
        Reason::Price => text!("Price"),
        Reason::Deficiency => text!("Not as it should be"),
        Reason::Discount => text!("Discount after the sale"),
        Reason::Other => text!("Other"),
    }
}

fn legends(document: &Document, parties: &Parties) -> Vec<Label> {
    let mut legends = Vec::new();
    match document.supply_type {
        SupplyType::SezWithPayment | SupplyType::ExportWithPayment => legends.push(WITH_PAYMENT),
        SupplyType::SezWithoutPayment | SupplyType::ExportWithoutPayment => {
            legends.push(WITHOUT_PAYMENT);
        }
        SupplyType::B2b | SupplyType::DeemedExport | SupplyType::B2c => {}
    }
    if document.supplier_type == "composition" {
        legends.push(COMPOSITION);
    }
    let mut legends: Vec<Label> = legends.into_iter().map(Label::plain).collect();
    if let Some(note) = &document.reason_note {
        legends.push(Label::plain(note.clone()));
    }
    let is_abroad = parties.buyer.country != "IN" && !parties.buyer.country.is_empty();
    if is_abroad && let Some(delivery) = &parties.delivery {
        legends.push(Label::plain(format!(
            "Country of destination: {}",
            country::name(&delivery.country)
        )));
    }
    legends
}

fn cancelled(document: &Document, tongues: Tongues) -> Option<Cancelled> {
    let at = document.cancelled_at?;
    let why = Said::new("Cancelled on {when}: {why}")
        .with("when", dates::full_date_and_time(at, tongues.first))
        .with("why", document.cancel_reason.clone().unwrap_or_default());
    Some(Cancelled {
        mark: tongues.label(text!("Cancelled")),
        why: tongues.say(&why),
    })
}

fn irn(document: &Document, beside: &Beside, tongues: Tongues) -> Option<Irn> {
    let einvoice = beside.einvoice.as_ref()?;
    let is_known = match einvoice.status {
        einvoice::Status::Registered | einvoice::Status::Cancelled => true,
        einvoice::Status::NotRequired => return None,
        einvoice::Status::Pending
        | einvoice::Status::InFlight
        | einvoice::Status::Unknown
        | einvoice::Status::FailedFix
        | einvoice::Status::FailedWait
        | einvoice::Status::ExpiredWindow => false,
    };
    if !is_known {
        // Until it is, it is no valid invoice: whoever holds the paper has to see that.
        let said = tongues.label(text!("Not registered at the authority yet"));
        return (document.status == Status::Issued).then(|| Irn {
            lines: vec![fact(said, "")],
            qr: None,
        });
    }
    let ack_no = einvoice.ack_no.as_ref()?;
    let mut lines = vec![
        fact(
            Label::plain("IRN"),
            document.irn.clone().unwrap_or_default(),
        ),
        fact(tongues.label(text!("Ack. no.")), ack_no),
    ];
    if let Some(at) = einvoice.ack_at {
        let at = dates::full_date_and_time(at, tongues.first);
        lines.push(fact(tongues.label(text!("Ack. date")), at));
    }
    if einvoice.signed_qr.is_some() && !einvoice.is_verified {
        let said = tongues.label(text!("The authority's signed code is not verified"));
        lines.push(fact(said, ""));
    }
    let said = tongues.label(text!("Code signed by the authority")).text;
    let qr = einvoice
        .signed_qr
        .as_ref()
        .filter(|_| einvoice.is_verified)
        .and_then(|text| Qr::of(text, Strength::Low, said));
    Some(Irn { lines, qr })
}
