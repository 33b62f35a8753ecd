//! E-mail, phone, short names and free text.

use mandi::kernel::email::Email;
use mandi::kernel::ids::{TenantId, UserId};
use mandi::kernel::phone::Phone;
use mandi::kernel::slug::Slug;
use mandi::kernel::text;
use proptest::prelude::*;

use super::refusal;

#[test]
fn an_email_is_one_address_in_any_spelling() {
    assert_eq!(
        " Owner@Annapurna.Example "
            .parse::<Email>()
            .unwrap()
            .as_str(),
        "owner@annapurna.example"
    );
    for fine in [
        "a@b.in",
        "first.last+tag@mail.example.co.in",
        "o'neil@x-y.example",
        "1@2.example",
    ] {
        assert!(fine.parse::<Email>().is_ok(), "{fine}");
    }
    assert_eq!(
        "owner@annapurna.example".parse::<Email>().unwrap().masked(),
        "o•••@annapurna.example"
    );
}

#[test]
fn an_email_that_cannot_be_one_says_how_to_write_it() {
    assert_eq!(refusal::<Email>(" "), "Enter the e-mail address.");
    for wrong in [
        "a",
        "@b.in",
        "a@",
        "a@b",
        "a@@b.in",
        "a b@c.in",
        ".a@b.in",
        "a..b@c.in",
        "a@-b.in",
        "a@b..in",
        "a@1.2.3.4",
        "a@b.in\r\nBcc: c@d.in",
        "a,b@c.in",
        "<a@b.in>",
        "अ@ब.in",
    ] {
        assert_eq!(
            refusal::<Email>(wrong),
            "Write the e-mail address like name@example.com.",
            "{wrong}"
        );
    }
    let long = format!("{}@{}.in", "a".repeat(64), "b.".repeat(94) + "cc");
    assert_eq!(long.len(), 258);
    assert_eq!(
        refusal::<Email>(&long),
        "An e-mail address has 254 characters at most; this one has 258."
    );
}

#[test]
fn a_phone_number_is_indian_unless_it_says_otherwise() {
    let cases = [
        ("98400 00012", "+919840000012", "98400 00012", true),
        ("098400-00012", "+919840000012", "98400 00012", true),
        ("+91 (98400) 00012", "+919840000012", "98400 00012", true),
        ("919840000012", "+919840000012", "98400 00012", true),
        ("0091 9840000012", "+919840000012", "98400 00012", true),
        ("022 2345 6789", "+912223456789", "022 2345 6789", false),
        ("(0427) 234-5678", "+914272345678", "0427 2345678", false),
        (
            "+44 20 7946 0958",
            "+442079460958",
            "+44 20 7946 0958",
            true,
        ),
        ("+1 415 555 2671", "+14155552671", "+1 41 5555 2671", true),
        (
            "+971 50 123 4567",
            "+971501234567",
            "+971 5 0123 4567",
            true,
        ),
    ];
    for (typed, stored, readable, is_mobile) in cases {
        let phone: Phone = typed
            .parse()
            .unwrap_or_else(|said| panic!("{typed}: {said}"));
        assert_eq!(
            (phone.as_str(), phone.readable().as_str(), phone.is_mobile()),
            (stored, readable, is_mobile),
            "{typed}"
        );
        assert_eq!(
            phone.as_str().parse::<Phone>(),
            Ok(phone.clone()),
            "what is stored reads back"
        );
    }
    assert_eq!(refusal::<Phone>(""), "Enter the phone number.");
    assert_eq!(
        refusal::<Phone>("98400"),
        "An Indian phone number has 10 digits; this one has 5."
    );
    assert_eq!(
        refusal::<Phone>("98400 0001O"),
        "A phone number has only digits, like 98400 00012 or +44 20 7946 0958."
    );
    assert_eq!(
        refusal::<Phone>("+44 20"),
        "A phone number from abroad has its country code and 7 to 15 digits, like +44 20 7946 0958."
    );
}

#[test]
fn a_short_name_fits_an_address() {
    assert_eq!(
        "Annapurna-2".parse::<Slug>().unwrap().as_str(),
        "annapurna-2"
    );
    assert_eq!(refusal::<Slug>(""), "Enter a short name.");
    assert_eq!(
        refusal::<Slug>("ab"),
        "A short name has 3 to 40 characters; this one has 2."
    );
    for wrong in ["-abc", "abc-", "a--b", "1abc", "a b c", "a/../b", "अन्न"] {
        assert_eq!(
            refusal::<Slug>(wrong),
            "A short name begins with a letter and has the letters a to z, digits and single hyphens, like annapurna-foods.",
            "{wrong}"
        );
    }
    assert_eq!(
        refusal::<Slug>("new"),
        "“new” is the address of a page; choose another short name."
    );
    assert_eq!(
        Slug::suggest("Annapurna Foods Pvt. Ltd.").unwrap().as_str(),
        "annapurna-foods-pvt-ltd"
    );
    assert_eq!(
        Slug::suggest("3M Shree's & Sons").unwrap().as_str(),
        "m-shrees-sons"
    );
    assert_eq!(Slug::suggest("अन्नपूर्णा"), None);
    assert!(Slug::suggest(&"Very Long Name ".repeat(9)).is_some());
}

#[test]
fn free_text_is_trimmed_and_has_a_limit() {
    let line = |typed: &str| text::one_line("Name", typed, 5).map_err(|said| said.to_string());

    assert_eq!(line("  Asha "), Ok("Asha".to_owned()));
    assert_eq!(
        line("आशाआशा"),
        Err("Name must have 5 characters or fewer; this has 6.".to_owned())
    );
    assert_eq!(line(" \u{a0} "), Err("Name must be filled in.".to_owned()));
    for wrong in ["a\tb", "a\nb", "a\0b", "a\u{202e}b", "a\u{7f}b"] {
        assert_eq!(
            line(wrong),
            Err(
                "Name contains a character that cannot be printed; type it again without copying."
                    .to_owned()
            ),
            "{wrong:?}"
        );
    }
    assert_eq!(
        line("क\u{200d}ष"),
        Ok("क\u{200d}ष".to_owned()),
        "joiners belong to the script"
    );
    assert_eq!(text::optional_line("Name", " ", 5), Ok(None));
    assert_eq!(
        text::many_lines("Note", " a\r\nb\tc\rd \n", 9),
        Ok("a\nb\tc\nd".to_owned())
    );
    assert_eq!(text::optional_lines("Note", "\r\n", 9), Ok(None));
}

#[test]
fn ids_sort_by_age_and_come_back_from_text() {
    let ids: Vec<TenantId> = (0..1000).map(|_| TenantId::new()).collect();
    assert!(ids.is_sorted());
    assert_eq!(ids[0].to_string().parse::<TenantId>(), Ok(ids[0]));
    assert!("not-an-id".parse::<UserId>().is_err());
    let json = serde_json::to_string(&ids[0]).unwrap();
    assert_eq!(json, format!("\"{}\"", ids[0]));
    assert_eq!(serde_json::from_str::<TenantId>(&json).unwrap(), ids[0]);
}

proptest! {
    #[test]
    fn nothing_typed_makes_a_contact_panic_and_what_is_taken_is_taken_again(typed in "\\PC{0,60}") {
        if let Ok(email) = typed.parse::<Email>() {
            prop_assert_eq!(email.as_str().parse::<Email>(), Ok(email.clone()));
        }
        if let Ok(phone) = typed.parse::<Phone>() {
            prop_assert!(phone.readable().len() > phone.as_str().len() - 3);
            prop_assert_eq!(phone.readable().parse::<Phone>(), Ok(phone));
        }
        if let Some(slug) = Slug::suggest(&typed) {
            prop_assert_eq!(slug.as_str().parse::<Slug>(), Ok(slug.clone()));
        }
        let _ = text::one_line("Name", &typed, 20);
        let _ = text::many_lines("Name", &typed, 20);
    }

    #[test]
    fn a_number_from_anywhere_can_be_printed_and_read(digits in "\\+?[0-9]{5,16}") {
        if let Ok(phone) = digits.parse::<Phone>() {
            prop_assert_eq!(phone.readable().parse::<Phone>(), Ok(phone));
        }
    }
}
