//! What is open by age, on both sides.

use crate::kernel::language::Lang;
use crate::kernel::money::Money;
use crate::kernel::number;
use crate::ledger::model::Ageing;
use crate::ledger::rules::Bucket;

/// What is owed, by age: label, amount, address, how many.
pub struct AgeRow {
    pub label: String,
    pub amount: Money,
    pub href: Option<String>,
}

/// What is open by age, as a list and as a bar.
pub struct AgeCard {
    pub rows: Vec<AgeRow>,
    pub total: Money,
    /// Where all of them are.
    pub all: Option<String>,
    /// Where each part of the bar begins and how wide it is, in hundredths; its class.
    pub bar: Vec<(String, String, &'static str)>,
}

impl AgeCard {
    /// `href` is where a bucket's rows are, without the bucket.
    pub fn new(lang: Lang, ageing: &Ageing, href: Option<&str>) -> Self {
        let places = Bucket::number(&ageing.ends);
        let rows = (0..places).rev().filter_map(|place| {
            let bucket = Bucket::at(place);
            let sum = ageing.of_bucket(bucket);
            // Money that is not used is only named where there is some.
            if bucket == Bucket::Unallocated && sum.items == 0 {
                return None;
            }
            Some(AgeRow {
                label: lang.say(&bucket.words(&ageing.ends)),
                amount: sum.amount,
                href: href.map(|href| format!("{href}&bucket={place}")),
            })
        });
        Self {
            rows: rows.collect(),
            total: ageing.total(),
            all: href.map(str::to_owned),
            bar: bar(ageing),
        }
    }
}

/// The parts of the bar: what is not due, then what is late.
fn bar(ageing: &Ageing) -> Vec<(String, String, &'static str)> {
    use rust_decimal::Decimal;
    const CLASSES: [&str; 4] = ["", "k2", "k3", "k4"];
    let all = ageing.between(1, usize::MAX - 1).amount.as_decimal();
    if all <= Decimal::ZERO {
        return Vec::new();
    }
    let mut at = Decimal::ZERO;
    let mut parts = Vec::new();
    for (step, sum) in ageing.sums.iter().skip(1).enumerate() {
        let width = number::rounded(sum.amount.as_decimal() * Decimal::ONE_HUNDRED / all, 2);
        if width > Decimal::ZERO {
            let class = CLASSES.get(step.min(3)).copied().unwrap_or_default();
            parts.push((format!("{at}%"), format!("{width}%"), class));
        }
        at += width;
    }
    parts
}
