//! How documents are printed: what is on the page, as text and as picture.

use crate::support::{pdf as support, sheets};
use mandi::accounting::print;
use mandi::accounting::views::sheet::Cell;
use mandi::kernel::language::Lang;

#[test]
fn every_amount_of_a_sheet_is_on_its_page() {
    // given
    let sheet = sheets::invoice(6, None);

    // when
    let text = support::text(&print::pdf(std::slice::from_ref(&sheet)).unwrap());

    // then
    for cell in sheet.lines.rows.iter().chain(&sheet.lines.foot).flatten() {
        if cell.text.len() < 24 {
            assert!(text.contains(&cell.text), "{} is not in\n{text}", cell.text);
        }
    }
    for fact in sheet.totals.iter().chain(&sheet.facts) {
        assert!(
            text.contains(&fact.value),
            "{} is not in\n{text}",
            fact.value
        );
    }
    assert!(text.contains("Page 1 of 1"), "{text}");
    // Signs of Devanagari that were shaped together have their letters in /ActualText, which this reader does not know.
    let is_hindi = |line: &&str| line.contains(|c| ('\u{900}'..'\u{980}').contains(&c));
    for line in text.lines().filter(|line| !is_hindi(line)) {
        assert!(!line.contains('\u{FFFD}'), "{line}");
    }
}

#[test]
fn a_phone_reads_both_codes() {
    let bytes = print::pdf(&[sheets::invoice(6, None)]).unwrap();

    let codes = support::codes(&support::page(&bytes, 0, 200));

    assert_eq!(codes, vec![sheets::signed(), sheets::UPI.to_owned()]);
}

#[test]
fn conjuncts_become_one_glyph() {
    let letters: Vec<u32> = ["क", "ष"]
        .iter()
        .flat_map(|letter| print::text::shape(letter).unwrap())
        .collect();
    let conjunct = print::text::shape("क्ष").unwrap();

    assert_eq!(conjunct.len(), 1);
    assert_ne!(conjunct[0], 0);
    assert!(!letters.contains(&conjunct[0]));
    // The sign of i stands before its consonant, whatever the order of the letters.
    let shaped = print::text::shape("कि").unwrap();
    assert_eq!(shaped.len(), 2);
    assert_eq!(shaped[1], letters[0]);
}

#[test]
fn a_conjunct_is_one_glyph_on_the_page_too() {
    // given: a page with somebody's name on it
    let page = |name: &str| {
        let mut sheet = sheets::invoice(1, None);
        sheet.parties[0].name = name.to_owned();
        print::pdf(&[sheet]).unwrap()
    };
    let drawn = |name: &str| support::glyphs(&page(name))[0].len();
    // The same letters, kept apart by a sign that has no form.
    let (joined, apart) = ("क्ष", "क्\u{200C}ष");

    // when, then: as many glyphs as of a single letter, and more where they are kept apart
    assert_eq!(drawn(joined), drawn("क"));
    assert!(drawn(apart) > drawn(joined));
    // and it looks different
    let picture = |name: &str| support::page(&page(name), 0, 100);
    assert!(picture(joined) == picture(joined));
    assert!(picture(joined) != picture(apart));
}

#[test]
fn no_sign_of_a_document_lacks_its_glyph() {
    for sign in ["₹", "−", "–", "×", "·", "…", "A", "ज़", "।", "०", "é"] {
        let glyphs = print::text::shape(sign).unwrap();
        assert!(!glyphs.contains(&0), "{sign} has no glyph");
    }
    // And one that no font of ours has shows what that looks like.
    assert!(print::text::shape("漢").unwrap().contains(&0));
}

#[test]
fn a_long_table_has_its_heads_on_each_page_and_cuts_no_row() {
    let sheet = sheets::invoice(120, None);

    let bytes = print::pdf(std::slice::from_ref(&sheet)).unwrap();

    let pages = support::pages(&bytes);
    assert!(pages.len() > 4, "{} pages", pages.len());
    let mut rows = 0;
    for (index, text) in pages.iter().enumerate() {
        let page = format!("Page {} of {}", index + 1, pages.len());
        assert!(text.contains(&page), "{page} is not in\n{text}");
        let here = text.matches("VAN-SFO-1L").count();
        if here > 0 {
            assert!(
                text.contains("Description"),
                "no heads on page {}",
                index + 1
            );
            assert!(text.contains("CGST"), "no heads on page {}", index + 1);
        }
        // Three amounts of each row are the same in all of them: as many as there are rows, or the row was cut.
        let amounts = text.lines().filter(|line| *line == "1,10,289.06").count();
        assert_eq!(amounts, here, "page {}", index + 1);
        rows += here;
        let says = text.contains("Continued on the next page");
        assert_eq!(says, rows < 120, "page {}", index + 1);
    }
    assert_eq!(rows, 120);
    for (number, glyphs) in support::glyphs(&bytes).iter().enumerate() {
        for glyph in glyphs {
            let is_inside = (33.0..562.0).contains(&glyph.x) && (33.0..822.0).contains(&glyph.y);
            assert!(is_inside, "page {}: {glyph:?}", number + 1);
        }
    }
}

#[test]
fn the_same_sheet_gives_the_same_bytes() {
    let sheet = [sheets::invoice(12, Some(Lang::Hi))];

    let first = print::pdf(&sheet).unwrap();

    assert_eq!(first, print::pdf(&sheet).unwrap());
    assert!(first.len() < 150_000, "{} bytes", first.len());
}

#[test]
fn a_sheet_without_lines_still_prints() {
    let mut sheet = sheets::invoice(0, None);
    sheet.lines.foot = Some(vec![Cell::default(); 10]);
    sheet.by_hsn = None;
    assert_eq!(support::pages(&print::pdf(&[sheet]).unwrap()).len(), 1);
}

/// Processor time of this thread, in hundredths of a second.
fn worked() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
    let (_, after) = stat.rsplit_once(')').unwrap();
    let fields: Vec<&str> = after.split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

#[test]
fn a_hundred_documents_take_one_core_less_than_ten_seconds() {
    let sheet = sheets::invoice(10, None);
    let before = worked();
    for _ in 0..100 {
        print::pdf(std::slice::from_ref(&sheet)).unwrap();
    }
    let took = worked() - before;
    assert!(took < 1_000, "{took} hundredths of a second");
}

#[test]
fn a_statement_goes_over_as_many_pages_as_it_needs() {
    let bytes = print::rows_pdf(&sheets::statement(90)).unwrap();

    let pages = support::pages(&bytes);

    assert!(pages.len() > 1, "{} pages", pages.len());
    for (index, text) in pages.iter().enumerate() {
        let page = format!("Page {} of {}", index + 1, pages.len());
        assert!(text.contains(&page) && text.contains("Balance"), "{text}");
    }
    assert_eq!(
        pages
            .iter()
            .map(|text| text.matches("MH/26-27/").count())
            .sum::<usize>(),
        90
    );
    assert!(pages.last().unwrap().contains("₹1,23,456.00"));
}
