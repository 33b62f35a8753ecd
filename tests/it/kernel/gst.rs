//! GSTIN, PAN and states.

use mandi::kernel::gstin::{Gstin, check_character};
use mandi::kernel::language::Lang;
use mandi::kernel::pan::Pan;
use mandi::kernel::pin::Pin;
use mandi::kernel::state::State;
use proptest::prelude::*;

use super::refusal;

#[test]
fn a_right_gstin_gives_its_state_and_pan() {
    let cases = [
        ("27AAPFU0939F1ZV", "27", "AAPFU0939F"),
        ("29AAGCB7383J1Z4", "29", "AAGCB7383J"),
        ("24AAACC1206D1ZM", "24", "AAACC1206D"),
        ("05AAACG2115R1ZN", "05", "AAACG2115R"),
        ("27ZZZCV0001K1ZY", "27", "ZZZCV0001K"),
        ("29ZZZCR2222N1ZH", "29", "ZZZCR2222N"),
        ("27ZZZCZ7777R2ZA", "27", "ZZZCZ7777R"),
        ("28AAPFU0939F1ZT", "28", "AAPFU0939F"),
        (" 27aapfu0939f1zv ", "27", "AAPFU0939F"),
        ("27 AAPFU 0939F 1ZV", "27", "AAPFU0939F"),
    ];
    for (typed, state, pan) in cases {
        let gstin: Gstin = typed
            .parse()
            .unwrap_or_else(|said| panic!("{typed}: {said}"));
        assert_eq!(
            (gstin.state().code(), gstin.pan().as_str()),
            (state, pan),
            "{typed}"
        );
        assert_eq!(gstin.as_str(), typed.replace(' ', "").to_uppercase());
        assert_eq!(
            gstin.as_str().chars().last(),
            check_character(&gstin.as_str()[..14])
        );
    }
}

#[test]
fn each_fault_of_a_gstin_has_its_own_sentence() {
    let check = "The last character of this GSTIN does not match the others; compare it with the certificate, one character at a time.";
    let pan = |found: &str| {
        format!(
            "Characters 3 to 12 of a GSTIN are the PAN: five letters, four digits and a letter. This one has {found} there."
        )
    };
    let kind = |found: &str| {
        format!(
            "Character 14 of a GSTIN is usually Z; this one has {found}, which no ordinary taxpayer has."
        )
    };
    let cases = [
        ("  ", "Enter the GSTIN.".to_owned()),
        (
            "27AAPFU0939F1Z",
            "GSTIN must have 15 characters; this one has 14.".to_owned(),
        ),
        (
            "27AAPFU0939F1ZVV",
            "GSTIN must have 15 characters; this one has 16.".to_owned(),
        ),
        (
            "27AAPFU-0939F1Z",
            "GSTIN has only letters and digits; remove “-”.".to_owned(),
        ),
        (
            "२७AAPFU0939F1ZV",
            "GSTIN has only letters and digits; remove “२”.".to_owned(),
        ),
        (
            "MHAAPFU0939F1ZV",
            "GSTIN must begin with the two digits of a state; this one begins with MH.".to_owned(),
        ),
        (
            "00AAPFU0939F1ZV",
            "GSTIN must begin with the code of a state; 00 is not one.".to_owned(),
        ),
        (
            "96AAPFU0939F1ZV",
            "GSTIN must begin with the code of a state; 96 is not one.".to_owned(),
        ),
        ("27AAPF00939F1ZV", pan("AAPF00939F")),
        (
            "27AAPFU0939F0ZV",
            "Character 13 of a GSTIN is a digit from 1 to 9 or a letter; this one has 0."
                .to_owned(),
        ),
        (
            "02AMBPG7773M002",
            "Character 13 of a GSTIN is a digit from 1 to 9 or a letter; this one has 0."
                .to_owned(),
        ),
        ("27AAPFU0939F1CV", kind("C")),
        ("27AAPFU0939F1XV", kind("X")),
        ("27AAPFU0939F1AV", check.to_owned()),
        ("27AAPFU0939F1ZW", check.to_owned()),
    ];
    for (typed, said) in cases {
        assert_eq!(refusal::<Gstin>(typed), said, "{typed}");
    }
}

proptest! {
    #[test]
    fn any_one_changed_character_of_a_gstin_is_refused(
        state in prop::sample::select(State::current().collect::<Vec<_>>()),
        pan in "[A-Z]{5}[0-9]{4}[A-Z]",
        count in "[1-9A-Z]",
        place in 0_usize..15,
        changed in prop::sample::select("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".chars().collect::<Vec<_>>()),
    ) {
        let first = format!("{}{pan}{count}Z", state.code());
        let right = format!("{first}{}", check_character(&first).unwrap());
        let gstin: Gstin = right.parse().unwrap();
        prop_assert_eq!(gstin.state(), state);
        prop_assert_eq!(gstin.pan().as_str(), pan);

        let wrong: String = right.chars().enumerate().map(|(index, c)| if index == place { changed } else { c }).collect();
        prop_assert_eq!(wrong.parse::<Gstin>().is_ok(), wrong == right, "{}", wrong);
    }

    #[test]
    fn nothing_typed_makes_a_tax_number_panic(typed in "\\PC{0,20}") {
        let _ = typed.parse::<Gstin>();
        let _ = typed.parse::<Pan>();
        let _ = typed.parse::<Pin>();
        let _ = typed.parse::<State>();
    }
}

#[test]
fn pan_and_pin_have_their_shapes() {
    assert_eq!(
        " aapfu 0939f".parse::<Pan>().unwrap().as_str(),
        "AAPFU0939F"
    );
    assert_eq!(refusal::<Pan>(""), "Enter the PAN.");
    assert_eq!(
        refusal::<Pan>("AAPFU0939"),
        "PAN must have 10 characters; this one has 9."
    );
    assert_eq!(
        refusal::<Pan>("AAPFU09391"),
        "PAN must be five letters, four digits and a letter, like AAPFU0939F."
    );
    assert_eq!("400 703".parse::<Pin>().unwrap().as_str(), "400703");
    for wrong in ["040070", "40070", "4007035", "40O703"] {
        assert_eq!(
            refusal::<Pin>(wrong),
            "PIN code must be 6 digits and not begin with 0, like 400703."
        );
    }
}

#[test]
fn a_pin_code_lies_in_its_state() {
    let within = |pin: &str, state: &str| {
        let pin = pin.parse::<Pin>().unwrap();
        let within = pin.within(State::by_code(state).unwrap());
        within
            .map(|pin| pin.as_str().to_owned())
            .map_err(|said| Lang::En.say(&said))
    };
    // Post offices at the borders belong to both sides, and what is no state of today has none of its own.
    for (pin, state) in [
        ("400001", "27"),
        ("403001", "30"),
        ("403001", "27"),
        ("605001", "34"),
        ("605001", "33"),
        ("110001", "28"),
    ] {
        assert_eq!(within(pin, state).as_deref(), Ok(pin), "{pin} in {state}");
    }
    assert_eq!(
        within("600001", "27").unwrap_err(),
        "600001 is not a PIN code of Maharashtra: those begin with 400–445. Correct the PIN code or the state."
    );
    assert_eq!(
        within("600001", "34").unwrap_err(),
        "600001 is not a PIN code of Puducherry: those begin with 533, 605, 607, 609, 673. Correct the PIN code or the state."
    );
}

#[test]
fn the_states_are_those_of_gst() {
    let current: Vec<State> = State::current().collect();
    assert_eq!(current.len(), 37);
    let named = |code: &str| State::by_code(code).unwrap();
    assert_eq!(
        (named("27").name(), named("27").short()),
        ("Maharashtra", "MH")
    );
    assert_eq!(named("07").name(), "Delhi");
    let utgst: Vec<&str> = current
        .iter()
        .filter(|state| state.has_utgst())
        .map(|state| state.code())
        .collect();
    assert_eq!(utgst, ["04", "26", "31", "35", "38", "97"]);
    assert!(
        !current.contains(&named("25"))
            && !current.contains(&named("28"))
            && named("28").registers()
    );
    assert!(!named("96").registers() && !named("99").registers());
    assert_eq!(State::by_code("39"), None);
    assert_eq!(refusal::<State>("MH"), "Choose a state from the list.");
}
