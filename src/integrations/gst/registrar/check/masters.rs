//! The lists that the registrar keeps of its own: states, postal areas, units, rates, and how many headings each chapter of the tariff has.

use rust_decimal::Decimal;

/// A state code with both digits.
pub fn two_digits(code: &str) -> String {
    format!("{code:0>2}")
}

/// States and territories in which somebody can be registered, other territory among them.
pub fn is_state(code: &str) -> bool {
    let number: u8 = code.parse().unwrap_or(0);
    (1..=38).contains(&number) || number == 97
}

/// Where a supply can take place within India: two codes have gone with the states they stood for.
pub fn is_place_of_supply(code: &str) -> bool {
    is_state(code) && !matches!(code, "25" | "28")
}

/// The first three digits of the pincodes of each state, from and to.
const AREAS: &[(&str, &[(u32, u32)])] = &[
    ("01", &[(180, 194)]),
    ("02", &[(171, 177)]),
    ("03", &[(140, 160)]),
    ("04", &[(140, 140), (160, 160)]),
    ("05", &[(244, 263)]),
    ("06", &[(121, 136)]),
    ("07", &[(110, 110)]),
    ("08", &[(301, 345), (384, 384)]),
    ("09", &[(201, 285)]),
    ("10", &[(800, 855)]),
    ("11", &[(737, 737)]),
    ("12", &[(790, 792)]),
    ("13", &[(797, 798)]),
    ("14", &[(795, 795)]),
    ("15", &[(791, 791), (796, 796)]),
    ("16", &[(799, 799)]),
    ("17", &[(781, 781), (793, 794)]),
    ("18", &[(781, 788)]),
    ("19", &[(700, 743)]),
    ("20", &[(813, 835)]),
    ("21", &[(751, 770)]),
    ("22", &[(490, 497)]),
    ("23", &[(450, 488)]),
    ("24", &[(360, 396)]),
    ("25", &[(362, 362), (396, 396)]),
    ("26", &[(362, 362), (396, 396)]),
    ("27", &[(400, 445)]),
    ("28", &[(500, 535)]),
    ("29", &[(560, 591)]),
    ("30", &[(403, 403)]),
    ("31", &[(682, 682)]),
    ("32", &[(670, 695)]),
    ("33", &[(600, 643)]),
    (
        "34",
        &[(533, 533), (605, 605), (607, 607), (609, 609), (673, 673)],
    ),
    ("35", &[(744, 744)]),
    ("36", &[(500, 509)]),
    ("37", &[(500, 535)]),
    ("38", &[(194, 194)]),
];

/// Whether a pincode lies in any state.
pub fn is_pin(pin: u32) -> bool {
    AREAS.iter().any(|(_, areas)| covers(areas, pin))
}

/// Whether a pincode lies in a state.
pub fn is_pin_of(pin: u32, state: &str) -> bool {
    state == "97"
        || AREAS
            .iter()
            .any(|(code, areas)| *code == state && covers(areas, pin))
}

fn covers(areas: &[(u32, u32)], pin: u32) -> bool {
    areas
        .iter()
        .any(|(from, to)| (*from..=*to).contains(&(pin / 1000)))
}

/// Unit quantity codes.
const UNITS: &str = "BAG BAL BDL BKL BOU BOX BTL BUN CAN CBM CCM CMS CTN DOZ DRM GGK GMS GRS GYD KGS KLR KME LTR MLT MTR MTS NOS OTH PAC PCS PRS QTL ROL SET \
                     SQF SQM SQY TBS TGM THD TON TUB UGS UNT YDS";

/// Whether a unit is in the list.
pub fn is_unit(unit: &str) -> bool {
    UNITS.split_whitespace().any(|known| known == unit)
}

/// Rates that the portal takes: wider than the law, because notes carry the rate of the original.
const RATES: &str = "0 0.1 0.25 1 1.5 3 5 6 7.5 12 18 28 40";

/// Whether a combined rate is taken.
pub fn is_rate(rate: Decimal) -> bool {
    RATES
        .split(' ')
        .any(|known| known.parse::<Decimal>() == Ok(rate))
}

/// The last heading of each chapter of the tariff, chapter 1 first. Chapter 77 is empty.
const HEADINGS: [u8; 98] = [
    6, 10, 9, 10, 11, 4, 14, 14, 10, 8, 9, 14, 2, 4, 22, 5, 4, 6, 5, 9, 6, 9, 9, 4, 30, 21, 16, 53,
    42, 6, 5, 15, 7, 7, 7, 6, 7, 27, 26, 17, 15, 6, 4, 21, 4, 2, 7, 23, 11, 7, 13, 12, 11, 8, 16,
    9, 5, 11, 11, 6, 17, 17, 10, 6, 7, 3, 4, 15, 20, 18, 18, 29, 26, 19, 8, 16, 0, 6, 7, 7, 13, 15,
    11, 87, 49, 9, 16, 7, 8, 33, 14, 9, 7, 6, 8, 20, 6, 7,
];

/// Whether a code of 4, 6 or 8 digits lies under a heading that exists; of services, that begin with 99, by group.
pub fn is_hsn(code: &str) -> bool {
    let pair = |from: usize| {
        code.get(from..from + 2)
            .and_then(|text| text.parse::<u8>().ok())
    };
    let (Some(chapter), Some(heading)) = (pair(0), pair(2)) else {
        return false;
    };
    if chapter == 99 {
        return matches!(heading, 54 | 61..=69 | 71..=73 | 81..=89 | 91..=99);
    }
    let last = usize::from(chapter)
        .checked_sub(1)
        .and_then(|index| HEADINGS.get(index));
    last.is_some_and(|last| (1..=*last).contains(&heading))
}

/// Whether a code is of a service.
pub fn is_service(code: &str) -> bool {
    code.starts_with("99")
}
