//! What a sentence says in each language.

use mandi::kernel::language::{Lang, Said, filters};

#[test]
fn a_language_has_a_code_a_name_and_is_found_again() {
    for lang in Lang::ALL {
        assert_eq!(Lang::from_code(lang.code()), Some(lang));
        assert_eq!(lang.code().parse(), Ok(lang));
        let json = serde_json::to_string(&lang).unwrap();
        assert_eq!(json, format!("\"{}\"", lang.code()));
        assert_eq!(serde_json::from_str::<Lang>(&json).unwrap(), lang);
    }
    assert_eq!(Lang::Hi.name(), "हिन्दी");
    assert_eq!(
        [
            Lang::from_code("HI_in"),
            Lang::from_code("en"),
            Lang::from_code("ta-IN")
        ],
        [Some(Lang::Hi), Some(Lang::En), None]
    );
}

#[test]
fn the_browser_names_the_language_it_likes_best() {
    let cases = [
        ("", Lang::En),
        ("hi", Lang::Hi),
        ("hi-IN,hi;q=0.9,en-US;q=0.8", Lang::Hi),
        ("en-US,en;q=0.9,hi;q=0.8", Lang::En),
        ("en;q=0.5, hi;q=0.7", Lang::Hi),
        ("ta-IN, hi;q=0.1", Lang::Hi),
        ("hi;q=0, en;q=0.1", Lang::En),
        ("hi;q=zero", Lang::En),
        ("*", Lang::En),
        ("en, hi", Lang::En),
    ];
    for (header, lang) in cases {
        assert_eq!(Lang::from_accept_language(header), lang, "{header}");
    }
}

#[test]
fn values_are_filled_in_once_and_in_the_readers_language() {
    let length = Said::new("{label} must have {most} characters or fewer; this has {length}.")
        .naming("label", "Delhi")
        .with("most", 1200)
        .with("length", "{most}");

    assert_eq!(
        length.to_string(),
        "Delhi must have 1,200 characters or fewer; this has {most}."
    );
    assert_eq!(
        Lang::Hi.say(&length),
        "दिल्ली में ज़्यादा से ज़्यादा 1,200 अक्षर हो सकते हैं; इसमें {most} हैं।"
    );
    assert_eq!(
        Said::new("A { brace and {nothing}")
            .with("something", 1)
            .to_string(),
        "A { brace and {nothing}"
    );
}

#[test]
fn the_count_chooses_the_plural() {
    let days = |count: i64| Said::new("{count} days").with("count", count);

    assert_eq!(
        [0, 1, 2, 100_000].map(|count| days(count).to_string()),
        ["0 days", "1 day", "2 days", "1,00,000 days"]
    );
    assert_eq!(
        [0, 1, 2].map(|count| Lang::Hi.say(&days(count))),
        ["0 दिन", "1 दिन", "2 दिन"]
    );
    assert_eq!(
        Said::new("{count} days").with("count", -1234).to_string(),
        "−1,234 days"
    );
}

#[test]
fn a_missing_translation_is_said_in_english() {
    assert_eq!(
        Lang::Hi.t("Nobody translated this."),
        "Nobody translated this."
    );
    assert_eq!(
        Lang::Hi.say(&Said::new("Nobody told {name}.").with("name", "Asha")),
        "Nobody told Asha."
    );
}

#[test]
fn a_sentence_survives_the_way_through_json() {
    let said = Said::new("{count} days")
        .with("count", 3)
        .naming("label", "Delhi")
        .with("name", "A");
    let json = serde_json::to_string(&said).unwrap();
    assert_eq!(serde_json::from_str::<Said>(&json).unwrap(), said);
}

#[derive(askama::Template)]
#[template(
    source = r#"{{ "Delhi"|t }} {{ remark|t }} {{ "{count} days"|with("count", count)|t }} {{ "{count} days"|t_with("count", 1) }}"#,
    ext = "html"
)]
struct Page {
    remark: Said,
    count: usize,
}

#[test]
fn a_template_speaks_the_readers_language_and_escapes() {
    use askama::Template as _;
    let page = Page {
        remark: Said::new("{name}").with("name", "<b>"),
        count: 2,
    };

    let render = |lang| {
        page.render_with_values(&filters::lang_values(lang))
            .unwrap()
    };
    assert_eq!(render(Lang::En), "Delhi &#60;b&#62; 2 days 1 day");
    assert_eq!(render(Lang::Hi), "दिल्ली &#60;b&#62; 2 दिन 1 दिन");
    assert!(
        page.render().is_err(),
        "without a language it must not quietly speak English"
    );
}
