//! The catalogues against the sources, and the check against planted mistakes.

use std::path::Path;

use mandi::kernel::language::{Catalogue, Lang};

use super::{SourceFile, faults, raw_texts};

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<SourceFile>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, endings, found);
        } else if path
            .extension()
            .and_then(|ending| ending.to_str())
            .is_some_and(|ending| endings.contains(&ending))
        {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push(SourceFile {
                path: path.strip_prefix(root).unwrap().display().to_string(),
                text,
            });
        }
    }
}

fn project() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&root.join("src"), &["rs"], &mut files);
    collect(&root.join("templates"), &["html", "txt"], &mut files);
    files
}

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile {
        path: path.into(),
        text: text.into(),
    }
}

fn catalogue(json: &str) -> Catalogue {
    Catalogue::parse(json).unwrap()
}

#[test]
fn every_sentence_of_a_shipped_surface_has_its_hindi_and_every_entry_its_use() {
    for name in ["en", "hi"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("locales/{name}.json"));
        Catalogue::parse(&std::fs::read_to_string(path).unwrap())
            .unwrap_or_else(|error| panic!("locales/{name}.json: {error}"));
    }
    let faults = faults(&project(), Lang::En.catalogue(), Lang::Hi.catalogue());
    assert!(
        faults.is_empty(),
        "{} faults in the catalogues. Lines that begin with a quote go into locales/hi.json, with the Hindi after the colon:\n{}\n",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn no_template_prints_words_past_the_catalogue() {
    let mut raw = Vec::new();
    for template in project().iter().filter(|file| file.path.ends_with(".html")) {
        raw.extend(
            raw_texts(template)
                .into_iter()
                .map(|text| format!("{}: {text}", template.path)),
        );
    }
    assert!(
        raw.is_empty(),
        "These words stand in a template as they are. Write {{{{ \"…\"|t }}}} instead:\n{}\n",
        raw.join("\n")
    );
}

#[test]
fn a_planted_key_without_hindi_is_reported_as_a_line_to_paste() {
    let planted = [
        file(
            "templates/users/sign_in.html",
            r#"<h1>{{ "Sign in"|t }}</h1>"#,
        ),
        file("src/users/pages.rs", "Said::new(\n    \"{name} left.\",\n)"),
        file("src/companies/pages.rs", r#"lang.t("Back office only")"#),
    ];
    let none = Catalogue::default();

    assert_eq!(
        faults(&planted, &none, &none),
        [
            " \"Sign in\": \"Sign in\",",
            " \"{name} left.\": \"{name} left.\",",
            "(locales/hi.json lacks these; said in src/users/pages.rs, templates/users/sign_in.html)",
        ]
    );
    assert!(
        faults(
            &planted,
            &none,
            &catalogue(r#"{"Sign in": "साइन इन करें", "{name} left.": "{name} चले गए।"}"#)
        )
        .is_empty()
    );
}

#[test]
fn every_way_to_say_a_sentence_is_seen() {
    let cases = [
        (
            "templates/a.html",
            r#"<a title="{{ "One"|t }}">"#,
            vec!["One"],
        ),
        (
            "templates/a.html",
            r#"{{ "One {n}" | with("n", 1) | t }}{{ "Two {n}"|t_with("n", x) }}"#,
            vec!["One {n}", "Two {n}"],
        ),
        (
            "templates/a.html",
            r#"{% call button("Save"|t, "primary") %}"#,
            vec!["Save"],
        ),
        (
            "templates/a.html",
            r##"{{ "}} \"quoted\" #}"|t }}"##,
            vec![r##"}} "quoted" #}"##],
        ),
        (
            "templates/a.html",
            r#"{# {{ "Hidden"|t }} #}"Plain"|t {{ "x"|trim }}"#,
            vec![],
        ),
        (
            "src/a.rs",
            r#"Said::new("One").naming("label", "Two").with("three", "four")"#,
            vec!["One", "Two"],
        ),
        (
            "src/a.rs",
            "// Said::new(\"Not\")\nlet c = '\"'; lang.t( \"One\" ); fn f<'a>() { text!(\"Two\") }",
            vec!["One", "Two"],
        ),
        (
            "src/a.rs",
            "text::one_line(\"Name\", &form.name, 80)",
            vec!["Name"],
        ),
        (
            "src/a.rs",
            "Said::new(\"A long \\\n      one\")",
            vec!["A long one"],
        ),
        (
            "src/a.rs",
            "insert(\"not\"); println!(\"no\"); at(\"no\")",
            vec![],
        ),
        (
            "src/a.rs",
            "// labels: every literal in this file that begins with a capital letter is one.\nrow! { Owner \"owner\" \"Owner\" }",
            vec!["Owner"],
        ),
    ];
    for (path, text, expected) in cases {
        let found: Vec<String> = super::scan::sentences(&file(path, text))
            .into_iter()
            .collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn unused_and_broken_entries_are_reported() {
    let files = [file(
        "src/kernel/a.rs",
        r#"Said::new("{count} days"); Said::new("Hello {name}")"#,
    )];
    let english = catalogue(r#"{"{count} days": {"one": "{count} day", "other": "{count} days"}}"#);
    let fine = catalogue(
        r#"{"{count} days": {"one": "एक दिन", "other": "{count} दिन"}, "Hello {name}": "नमस्ते {name}"}"#,
    );
    let broken = catalogue(
        r#"{"{count} days": "{count} दिन", "Hello {name}": "नमस्ते {naam}", "Gone": "गया"}"#,
    );

    assert!(faults(&files, &english, &fine).is_empty());
    let reported = faults(&files, &english, &broken);
    assert_eq!(reported.len(), 2, "{reported:#?}");
    assert!(
        reported[0].starts_with("locales/hi.json: nothing says \"Gone\""),
        "{reported:#?}"
    );
    assert!(
        reported[1].contains("\"Hello {name}\" must have the placeholders [\"name\"]"),
        "{reported:#?}"
    );
    assert!(
        faults(&files, &Catalogue::default(), &fine)[0]
            .starts_with("locales/en.json: \"{count} days\"")
    );
}

#[test]
fn a_key_that_stands_twice_is_an_error() {
    let error = Catalogue::parse("{\"A\": \"अ\",\n \"A\": \"आ\"}")
        .expect_err("one of the two would be lost");
    assert!(
        error.to_string().contains("\"A\" stands there twice"),
        "{error}"
    );
}

#[test]
fn words_in_a_template_are_seen_and_marks_are_not() {
    let raw = |text: &str| raw_texts(&file("templates/a.html", text));

    assert!(raw(r#"{% block body_class %}office{% endblock %}<kbd>Ctrl K</kbd><b lang="hi">हिन्दी</b>SO-26-01873"#).is_empty());
    assert_eq!(raw("{% block main %}Words{% endblock %}"), ["Words"]);
    assert_eq!(raw("<p>Hello <b>you</b></p>"), ["Hello", "you"]);
    assert_eq!(
        raw(r#"<input placeholder="Search" title="{{ "x"|t }}">"#),
        ["placeholder=\"Search\""]
    );
    assert!(raw(r#"<!doctype html><title>{{ title }} · Mandi</title><p data-title="x">&nbsp;{{ "Hello > you"|t }} – 3 {# note #}</p>"#).is_empty());
}
