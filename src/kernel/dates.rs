//! Days and times as India writes them. Statutory time is Asia/Kolkata everywhere; the moment is always an argument.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Asia::Kolkata;

use super::language::{Lang, Said, text};

/// The day on which GST began, before which no tax, no registration and no price of ours counts. Always there.
pub const GST_BEGAN: Option<NaiveDate> = NaiveDate::from_ymd_opt(2017, 7, 1);

static MONTHS: [&str; 12] = [
    text!("Jan"),
    text!("Feb"),
    text!("Mar"),
    text!("Apr"),
    text!("May"),
    text!("Jun"),
    text!("Jul"),
    text!("Aug"),
    text!("Sep"),
    text!("Oct"),
    text!("Nov"),
    text!("Dec"),
];

/// The day it is in India at `now`.
pub fn today(now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&Kolkata).date_naive()
}

/// `20 Nov 2026`.
pub fn date(day: NaiveDate, lang: Lang) -> String {
    format!("{} {}", day_and_month(day, lang), day.year())
}

/// Years that records of a company can have; a date out of them is a slip or a trick, and PostgreSQL refuses the strangest.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// A day as addresses and forms write it (`2026-11-20`), of a year that makes sense.
pub fn parse_day(text: &str) -> Option<NaiveDate> {
    let day: NaiveDate = text.parse().ok()?;
    is_sensible_day(day).then_some(day)
}

/// Whether a day is of a year that makes sense.
pub fn is_sensible_day(day: NaiveDate) -> bool {
    YEARS.contains(&day.year())
}

/// Whether a moment is of a year that makes sense.
pub fn is_sensible(moment: &DateTime<Utc>) -> bool {
    YEARS.contains(&moment.year())
}

/// When a row was last saved, as its form carries it; what is no such moment matches no row.
pub fn parse_version(text: &str) -> DateTime<Utc> {
    text.parse().ok().filter(is_sensible).unwrap_or_default()
}

/// `20 Nov`, for lists of this year.
pub fn day_and_month(day: NaiveDate, lang: Lang) -> String {
    let month = MONTHS
        .get(day.month0() as usize)
        .copied()
        .unwrap_or_default();
    format!("{} {}", day.day(), lang.t(month))
}

/// `20 Nov` in the year of `today`, `20 Nov 2025` in another.
pub fn brief_date(day: NaiveDate, today: NaiveDate, lang: Lang) -> String {
    if day.year() == today.year() {
        day_and_month(day, lang)
    } else {
        date(day, lang)
    }
}

/// `11:40 am`.
pub fn time(moment: DateTime<Utc>, lang: Lang) -> String {
    let local = moment.with_timezone(&Kolkata);
    let (is_afternoon, hour) = local.hour12();
    let clock = format!("{hour}:{:02}", local.minute());
    // Hindi has words for the parts of a day; those for am and pm stand in nobody's mouth.
    let said = match (lang, local.hour()) {
        (Lang::Hi, 4..=11) => Said::new("{time} in the morning"),
        (Lang::Hi, 12..=15) => Said::new("{time} at midday"),
        (Lang::Hi, 16..=19) => Said::new("{time} in the evening"),
        (Lang::Hi, _) => Said::new("{time} at night"),
        _ if is_afternoon => Said::new("{time} pm"),
        _ => Said::new("{time} am"),
    };
    lang.say(&said.with("time", clock))
}

/// `20 Nov, 11:40 am`.
pub fn date_and_time(moment: DateTime<Utc>, lang: Lang) -> String {
    format!(
        "{}, {}",
        day_and_month(today(moment), lang),
        time(moment, lang)
    )
}

/// `20 Nov 2026, 11:40 am`.
pub fn full_date_and_time(moment: DateTime<Utc>, lang: Lang) -> String {
    format!("{}, {}", date(today(moment), lang), time(moment, lang))
}

/// `13–20 Nov`, `28 Nov – 3 Dec`, the year where the two differ in it.
pub fn range(from: NaiveDate, to: NaiveDate, lang: Lang) -> String {
    if from.year() != to.year() {
        format!("{} – {}", date(from, lang), date(to, lang))
    } else if from.month() != to.month() {
        format!(
            "{} – {}",
            day_and_month(from, lang),
            day_and_month(to, lang)
        )
    } else if from == to {
        day_and_month(from, lang)
    } else {
        format!("{}–{}", from.day(), day_and_month(to, lang))
    }
}

/// For the `datetime` attribute of `<time>`: `2026-11-20T11:40:00+05:30`.
pub fn machine(moment: DateTime<Utc>) -> String {
    moment
        .with_timezone(&Kolkata)
        .format("%Y-%m-%dT%H:%M:%S%:z")
        .to_string()
}

/// A span in its largest whole unit: `3 hours`. For queues and sessions, beside a date.
pub fn span(length: TimeDelta) -> Said {
    match (length.num_days(), length.num_hours(), length.num_minutes()) {
        (days, _, _) if days > 0 => Said::new("{count} days").with("count", days),
        (_, hours, _) if hours > 0 => Said::new("{count} hours").with("count", hours),
        (_, _, minutes) if minutes > 0 => Said::new("{count} minutes").with("count", minutes),
        _ => Said::new("less than a minute"),
    }
}

/// April to March.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FinancialYear {
    first: i32,
}

impl FinancialYear {
    /// The financial year in which a day lies.
    pub fn of(day: NaiveDate) -> FinancialYear {
        FinancialYear {
            first: if day.month() >= 4 {
                day.year()
            } else {
                day.year() - 1
            },
        }
    }

    /// The one after it.
    pub const fn next(self) -> Self {
        Self {
            first: self.first + 1,
        }
    }

    /// The calendar year in which it begins: 2026 for 2026–27.
    pub const fn first_year(self) -> i32 {
        self.first
    }

    /// The first of April.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.first, 4, 1).unwrap_or_default()
    }

    /// The 31st of March.
    pub fn last_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.first + 1, 3, 31).unwrap_or_default()
    }

    /// `2026-27`, with a hyphen, for document numbers and files.
    pub fn code(self) -> String {
        format!("{}-{:02}", self.first, (self.first + 1).rem_euclid(100))
    }
}

/// `2026–27`.
impl fmt::Display for FinancialYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}–{:02}", self.first, (self.first + 1).rem_euclid(100))
    }
}

value_as_text!(FinancialYear);
