//! Orders by day as a picture: this month's line, last month's dashes, and the numbers.

use crate::kernel::dates;
use crate::kernel::language::{Lang, Said};
use crate::kernel::money::Money;
use crate::reporting::model::Day;
use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::fmt::Write;

/// Days of a line.
const DAYS: u64 = 30;
/// Size of the drawing, in its own units.
const WIDTH: u64 = 600;
const HEIGHT: u64 = 200;

/// A day of the chart: where it is hit, and what is told of it.
pub struct Point {
    pub x: String,
    pub told: String,
    pub day: String,
    /// What it comes to, and what the day of thirty days before does.
    pub cells: [Cell; 2],
}

/// What the orders of a day come to, and where they stand; of a day without orders nothing stands anywhere.
pub struct Cell {
    pub amount: String,
    pub href: Option<String>,
}

/// The chart of thirty days beside the thirty before.
pub struct Chart {
    pub finding: String,
    pub sub: String,
    pub area: String,
    pub line: String,
    pub before: String,
    pub marks: Vec<String>,
    pub points: Vec<Point>,
    pub first: String,
    pub last: String,
    pub total: String,
    pub total_before: String,
    pub count: i64,
    pub href: String,
    pub href_before: String,
    pub hit_width: String,
}

/// A place on the drawing, to a tenth of a unit.
fn tenth(value: Decimal) -> String {
    crate::kernel::number::rounded(value, 1).to_string()
}

fn total_on(days: &[Day], day: NaiveDate) -> Money {
    days.iter()
        .find(|row| row.day == day)
        .map_or(Money::from_paise(0), |row| row.total)
}

/// The largest amount on the scale: the next round figure above all amounts.
fn top(most: Money) -> Decimal {
    let most = most.as_decimal().max(Decimal::ONE_HUNDRED);
    let mut step = Decimal::ONE_HUNDRED;
    loop {
        for factor in [1, 2, 4, 8] {
            let top = step * Decimal::from(factor);
            if top >= most {
                return top;
            }
        }
        step *= Decimal::TEN;
    }
}

fn path(amounts: &[Money], top: Decimal) -> String {
    let mut path = String::new();
    for (index, amount) in (0_u64..).zip(amounts) {
        let x = Decimal::from(index * WIDTH) / Decimal::from(DAYS - 1);
        let y = Decimal::from(HEIGHT) - amount.as_decimal() * Decimal::from(HEIGHT) / top;
        let command = if index == 0 { 'M' } else { 'L' };
        // Writing into a text never fails.
        let _ = write!(path, "{command}{} {}", tenth(x), tenth(y));
    }
    path
}

impl Chart {
    /// The chart as of a day; `days` are the last sixty as far as there were orders. `base`: where the company's addresses begin.
    pub fn new(lang: Lang, base: &str, days: &[Day], today: NaiveDate) -> Self {
        let from = today - Days::new(DAYS - 1);
        let all: Vec<NaiveDate> = (0..DAYS).map(|day| from + Days::new(day)).collect();
        let now: Vec<Money> = all.iter().map(|day| total_on(days, *day)).collect();
        let before: Vec<Money> = all
            .iter()
            .map(|day| total_on(days, *day - Days::new(DAYS)))
            .collect();
        let (sum, sum_before): (Money, Money) =
            (now.iter().copied().sum(), before.iter().copied().sum());
        let most = now.iter().chain(&before).copied().max().unwrap_or_default();
        let top = top(most);
        let line = path(&now, top);
        let finding = Said::new(
            "Orders of {now} in the last 30 days, against {before} in the 30 days before.",
        )
        .with("now", sum)
        .with("before", sum_before);
        let sub = match sum - sum_before {
            more if more > Money::ZERO => {
                Said::new("{amount} more than in the 30 days before").with("amount", more.dense())
            }
            less if less.is_negative() => Said::new("{amount} less than in the 30 days before")
                .with("amount", less.abs().dense()),
            _ => Said::new("As much as in the 30 days before"),
        };
        let width = Decimal::from(WIDTH) / Decimal::from(DAYS);
        let cell = |day: NaiveDate, amount: Money| Cell {
            amount: amount.plain(),
            href: days
                .iter()
                .any(|row| row.day == day)
                .then(|| format!("{base}/orders?from={day}&to={day}")),
        };
        let point = |(index, day): (u64, &NaiveDate)| {
            let place = index.to_usize().unwrap_or_default();
            let (now, before) = (
                now.get(place).copied().unwrap_or_default(),
                before.get(place).copied().unwrap_or_default(),
            );
            let told = Said::new("{day}: {now} (30 days before: {before})")
                .with("day", dates::day_and_month(*day, lang))
                .with("now", now)
                .with("before", before);
            Point {
                x: tenth(Decimal::from(index) * width),
                told: lang.say(&told),
                day: dates::day_and_month(*day, lang),
                cells: [cell(*day, now), cell(*day - Days::new(DAYS), before)],
            }
        };
        let in_range = days.iter().filter(|row| row.day >= from);
        Self {
            finding: lang.say(&finding),
            sub: lang.say(&sub),
            area: format!("{line}L{WIDTH} {HEIGHT}L0 {HEIGHT}Z"),
            line,
            before: path(&before, top),
            marks: [4, 3, 2, 1, 0]
                .map(|quarter| {
                    Money::rounded(top * Decimal::from(quarter) / Decimal::from(4)).dense_short()
                })
                .to_vec(),
            points: (0..).zip(&all).map(point).collect(),
            first: dates::day_and_month(from, lang),
            last: dates::day_and_month(today, lang),
            total: sum.dense(),
            total_before: sum_before.dense(),
            count: in_range.map(|row| row.orders).sum(),
            href: format!("{base}/orders?from={from}&to={today}"),
            href_before: format!(
                "{base}/orders?from={}&to={}",
                from - Days::new(DAYS),
                from - Days::new(1)
            ),
            hit_width: tenth(width),
        }
    }
}
