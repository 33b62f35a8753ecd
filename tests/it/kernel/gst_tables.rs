//! The small tables of `tests/data/gst-cases.json`, which somebody else worked out: GSTINs, rounding, numbers of documents, how near a sum has
//! to be for the authority, the days in which e-invoices are reported, and how long an e-way bill holds.

use crate::support::{app, ask};
use chrono::{DateTime, NaiveDate};
use mandi::accounting::rules::document::Kind;
use mandi::accounting::rules::kind::{Facts, Liability, liability};
use mandi::integrations::gst::registrar::check::is_near;
use mandi::integrations::gst::registrar::eway;
use mandi::kernel::gstin::Gstin;
use mandi::kernel::money::Money;
use mandi::kernel::number;
use mandi::tax::rules::SupplyType;
use rust_decimal::Decimal;
use serde_json::Value;

fn table(name: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("../../data/gst-cases.json")).unwrap();
    let rows = all[name].as_array().unwrap().clone();
    assert!(rows.len() >= 5, "{name} has {} rows", rows.len());
    rows
}

fn word<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field]
        .as_str()
        .unwrap_or_else(|| panic!("{field} of {row}"))
}

fn day(row: &Value, field: &str) -> NaiveDate {
    word(row, field).parse().unwrap()
}

fn decimal(row: &Value, field: &str) -> Decimal {
    word(row, field).parse().unwrap()
}

#[test]
fn gstins_are_taken_and_refused_as_the_table_says() {
    for row in table("gstin_cases") {
        let parsed = word(&row, "gstin").parse::<Gstin>();
        assert_eq!(parsed.is_ok(), row["valid"].as_bool().unwrap(), "{row}");
        if let (Ok(gstin), Some(state)) = (parsed, row["state"].as_str()) {
            assert_eq!(gstin.state().code(), state, "{row}");
            assert_eq!(gstin.pan().as_str(), word(&row, "pan"), "{row}");
        }
    }
}

#[test]
fn amounts_are_rounded_as_the_table_says() {
    for row in table("rounding_cases") {
        let value = decimal(&row, "value");
        assert_eq!(
            Money::rounded(value).as_decimal(),
            decimal(&row, "rounded_2dp"),
            "{row}"
        );
        assert_eq!(
            number::rounded(value, 0),
            decimal(&row, "rounded_rupee"),
            "{row}"
        );
    }
}

#[test]
fn numbers_of_documents_are_kept_as_the_table_says() {
    // The rule of the table itself, so that it is read where it holds.
    let pattern = ask(
        app(),
        "select substring(pg_get_constraintdef(oid) from '''(.*)''') as value from pg_constraint
           where conrelid = 'documents'::regclass and conname = 'documents_number_check'",
    );
    for row in table("document_number_cases") {
        let kept = word(&row, "canonical");
        assert_eq!(kept, word(&row, "number").to_uppercase(), "{row}");
        let fits = ask(
            app(),
            &format!("select ('{kept}' ~ '{pattern}')::text as value"),
        );
        // What the law takes and the authority does not is not kept either.
        assert_eq!(
            fits == "true",
            row["rule_46_ok"] == true && row["irp_ok"] == true,
            "{row}"
        );
    }
}

#[test]
fn the_registrar_takes_sums_that_are_as_near_as_the_table_says() {
    let paisa = Decimal::new(1, 2);
    for row in table("irp_tolerance_cases") {
        let calculated = decimal(&row, "calculated");
        let (least, most) = (decimal(&row, "min_accepted"), decimal(&row, "max_accepted"));
        for (passed, is_taken) in [
            (least, true),
            (most, true),
            (least - paisa, false),
            (most + paisa, false),
        ] {
            assert_eq!(is_near(passed, calculated), is_taken, "{passed} for {row}");
        }
    }
}

#[test]
fn documents_are_reported_within_the_days_of_the_table() {
    for row in table("irp_reporting_window_cases") {
        let facts = Facts {
            kind: Kind::Invoice,
            day: day(&row, "doc_date"),
            from: Some(NaiveDate::MIN),
            supplier_type: "regular",
            supply_type: SupplyType::B2b,
            turnover: Some(Money::rounded(decimal(&row, "aato"))),
            is_taxable: true,
        };
        let Liability::Pending { last_day } = liability(&facts) else {
            panic!("{row} need not be reported");
        };
        let reported = day(&row, "report_date");
        assert_eq!(
            last_day.is_none_or(|last| reported <= last),
            row["allowed"].as_bool().unwrap(),
            "{row}"
        );
    }
}

#[test]
fn e_way_bills_hold_as_long_as_the_table_says() {
    for row in table("ewb_validity_cases") {
        let moment = |field| DateTime::parse_from_rfc3339(word(&row, field)).unwrap();
        let until = eway::valid_until(
            moment("part_b_entered_at").naive_local(),
            row["distance_km"].as_u64().unwrap(),
            row["over_dimensional"].as_bool().unwrap(),
        );
        assert_eq!(until, moment("valid_until").naive_local(), "{row}");
    }
}
