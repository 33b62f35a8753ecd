//! Days, times and the financial year.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use mandi::kernel::dates::{self, FinancialYear};
use mandi::kernel::language::Lang;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn the_day_changes_at_midnight_in_india() {
    assert_eq!(
        dates::today(moment("2026-11-20T18:29:59Z")),
        day("2026-11-20")
    );
    assert_eq!(
        dates::today(moment("2026-11-20T18:30:00Z")),
        day("2026-11-21")
    );
}

#[test]
fn days_and_times_are_written_out() {
    let at = moment("2026-11-20T06:10:00Z");

    assert_eq!(dates::date(day("2026-11-20"), Lang::En), "20 Nov 2026");
    assert_eq!(dates::date(day("2026-11-20"), Lang::Hi), "20 नवं॰ 2026");
    assert_eq!(
        dates::brief_date(day("2026-05-01"), day("2026-11-20"), Lang::En),
        "1 May"
    );
    assert_eq!(
        dates::brief_date(day("2025-05-01"), day("2026-11-20"), Lang::En),
        "1 May 2025"
    );
    assert_eq!(dates::date_and_time(at, Lang::En), "20 Nov, 11:40 am");
    assert_eq!(
        dates::full_date_and_time(at, Lang::En),
        "20 Nov 2026, 11:40 am"
    );
    assert_eq!(
        dates::time(moment("2026-11-20T18:35:00Z"), Lang::En),
        "12:05 am"
    );
    assert_eq!(
        dates::time(moment("2026-11-20T07:00:00Z"), Lang::En),
        "12:30 pm"
    );
    assert_eq!(
        dates::time(moment("2026-11-20T07:00:00Z"), Lang::Hi),
        "दोपहर 12:30"
    );
    // 4:00 am, 11:59 am, 4:00 pm, 8:00 pm, 3:59 am in India
    let hindi = |at: &str| dates::time(moment(at), Lang::Hi);
    assert_eq!(hindi("2026-11-20T22:30:00Z"), "सुबह 4:00");
    assert_eq!(hindi("2026-11-20T06:29:00Z"), "सुबह 11:59");
    assert_eq!(hindi("2026-11-20T10:30:00Z"), "शाम 4:00");
    assert_eq!(hindi("2026-11-20T14:30:00Z"), "रात 8:00");
    assert_eq!(hindi("2026-11-20T22:29:00Z"), "रात 3:59");
    assert_eq!(dates::machine(at), "2026-11-20T11:40:00+05:30");
}

#[test]
fn a_range_says_what_differs() {
    let range = |from: &str, to: &str| dates::range(day(from), day(to), Lang::En);

    assert_eq!(range("2026-11-13", "2026-11-20"), "13–20 Nov");
    assert_eq!(range("2026-11-13", "2026-11-13"), "13 Nov");
    assert_eq!(range("2026-11-28", "2026-12-03"), "28 Nov – 3 Dec");
    assert_eq!(
        range("2026-12-28", "2027-01-03"),
        "28 Dec 2026 – 3 Jan 2027"
    );
}

#[test]
fn a_span_is_told_in_its_largest_unit() {
    let span = |length: TimeDelta| dates::span(length).to_string();

    assert_eq!(span(TimeDelta::seconds(59)), "less than a minute");
    assert_eq!(span(TimeDelta::seconds(60)), "1 minute");
    assert_eq!(span(TimeDelta::minutes(185)), "3 hours");
    assert_eq!(span(TimeDelta::hours(47)), "1 day");
}

#[test]
fn the_financial_year_runs_from_april() {
    let cases = [
        ("2026-03-31", "2025–26"),
        ("2026-04-01", "2026–27"),
        ("2027-03-31", "2026–27"),
        ("1999-12-31", "1999–00"),
    ];
    for (date, year) in cases {
        assert_eq!(FinancialYear::of(day(date)).to_string(), year, "{date}");
    }
    let year = FinancialYear::of(day("2026-11-20"));
    assert_eq!(
        (year.first_day(), year.last_day()),
        (day("2026-04-01"), day("2027-03-31"))
    );
    assert_eq!((year.code().as_str(), year.first_year()), ("2026-27", 2026));
}
