//! Sheets made by hand, for tests of how they are printed. Whatever a document's rows say is tested over HTTP elsewhere.

use chrono::{DateTime, Utc};
use mandi::accounting::views::sheet::*;
use mandi::kernel::language::Lang;
use mandi::kernel::qr::Strength;

/// A signed text of the usual length: three parts of Base64url.
pub fn signed() -> String {
    let part = |seed: u32, length: usize| -> String {
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut state = seed;
        (0..length)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                letters[(state >> 26) as usize] as char
            })
            .collect()
    };
    format!("{}.{}.{}", part(1, 180), part(2, 440), part(3, 342))
}

/// What the UPI code holds.
pub const UPI: &str = "upi://pay?pa=annapurna@examplebank&pn=Annapurna%20Traders&am=14708.00&cu=INR&tn=MH%2F26-27%2F00921";

fn moment() -> DateTime<Utc> {
    "2026-11-19T06:22:00Z".parse().unwrap()
}

fn fact(tongues: Tongues, label: &'static str, value: &str, weight: Weight) -> Fact {
    Fact {
        label: tongues.label(label),
        value: value.to_owned(),
        weight,
    }
}

static NAMES: [(&str, &str, &str); 6] = [
    (
        "Vanam Sunflower Oil 1 L",
        "वनम सूरजमुखी तेल 1 लीटर",
        "15121910",
    ),
    ("Malar Toor Dal 1 kg", "मलार तूर दाल 1 किलो", "07136000"),
    (
        "Ponni Boiled Rice 26 kg bag, aged twelve months, single origin from the Cauvery delta",
        "पोन्नी उबला चावल 26 किलो",
        "10063010",
    ),
    (
        "Kaveri Filter Coffee 200 g",
        "कावेरी फ़िल्टर कॉफ़ी 200 ग्राम",
        "09012110",
    ),
    (
        "Brite Detergent Powder 1 kg",
        "ब्राइट डिटर्जेंट पाउडर 1 किलो",
        "34025000",
    ),
    (
        "Lakshmi Glucose Biscuits 80 g",
        "लक्ष्मी ग्लूकोज़ बिस्कुट 80 ग्राम",
        "19053100",
    ),
];

fn head() -> Head {
    Head {
        name: "Annapurna Traders".to_owned(),
        lines: vec![
            "Annapurna Trading Company Private Limited".to_owned(),
            "Plot 14, APMC Market Yard, Sector 19, Vashi, Navi Mumbai 400703, Maharashtra (27)"
                .to_owned(),
            "GSTIN 27ZZZCV0001K1ZY · PAN ZZZCV0001K".to_owned(),
            "accounts@annapurna.example · 022 0000 1234".to_owned(),
        ],
        initials: "AT".to_owned(),
        logo: None,
        logo_url: None,
        hue: 264,
    }
}

/// An invoice of some lines, within a state, with both codes.
#[expect(clippy::too_many_lines, reason = "a sheet with everything on it")]
pub fn invoice(lines: usize, second: Option<Lang>) -> Sheet {
    let tongues = Tongues {
        first: Lang::En,
        second,
    };
    let t = |key| tongues.label(key);
    let rows = (0..lines)
        .map(|index| {
            let (name, hindi, hsn) = NAMES[index % NAMES.len()];
            let mut what = Cell::of(name);
            if second.is_some() {
                what = what.with(hindi);
            }
            vec![
                Cell::of((index + 1).to_string()),
                what.with("VAN-SFO-1L · 4 cs × 10"),
                Cell::of(hsn),
                Cell::of("1,240").with("PCS"),
                Cell::of("128.50"),
                Cell::of("2,012.80").with("2%"),
                Cell::of("1,05,037.20"),
                Cell::of("2,625.93").with("2.5%"),
                Cell::of("2,625.93").with("2.5%"),
                Cell::of("1,10,289.06"),
            ]
        })
        .collect();
    let sum = |text: &str| Cell::of(text);
    Sheet {
        tongues,
        title: t("Tax invoice"),
        copy: Some(t("Original for recipient")),
        number: "MH/26-27/00921".to_owned(),
        date: "19 Nov 2026".to_owned(),
        made_at: moment(),
        head: head(),
        facts: vec![
            fact(tongues, "Invoice no.", "MH/26-27/00921", Weight::Strong),
            fact(tongues, "Date", "19 Nov 2026", Weight::Plain),
            fact(tongues, "Due", "4 Dec 2026", Weight::Plain),
            fact(tongues, "Order", "SO-26-01873", Weight::Plain),
            fact(tongues, "Your order no.", "PO/LS/4471", Weight::Plain),
            fact(tongues, "Vehicle", "MH 43 AB 0000", Weight::Plain),
            fact(tongues, "Place of supply", "Maharashtra (27)", Weight::Plain),
            fact(tongues, "Reverse charge", "No", Weight::Plain),
        ],
        parties: vec![
            Party { label: t("Billed to"), name: "Lakshmi Stores".to_owned(), lines: vec!["18 Usman Road, Dadar West".into(), "Mumbai 400028, Maharashtra (27)".into(), "GSTIN 27ZZZPR1111M1Z2".into(), "98200 00012".into()] },
            Party { label: t("Delivered to"), name: "लक्ष्मी स्टोर्स, गोदाम".to_owned(), lines: vec!["Gala 7, Bhiwandi Road".into(), "Thane 421302, Maharashtra (27)".into()] },
        ],
        legends: vec![],
        cancelled: None,
        irn: Some(Irn {
            lines: vec![
                fact(tongues, "IRN", "abe85784102b4b548b49b50bb9f0d88da3df8cb82ab46c1508b9b816ad8b8a53", Weight::Plain),
                fact(tongues, "Ack. no.", "112600000012345", Weight::Plain),
                fact(tongues, "Ack. date", "19 Nov 2026, 11:52 am", Weight::Plain),
            ],
            qr: Qr::of(&signed(), Strength::Low, "Signed code of the authority".to_owned()),
        }),
        lines: Table {
            columns: vec![
                Column::figures(Label::plain("#")),
                Column::growing(t("Description")),
                Column::words(Label::plain("HSN")),
                Column::figures(t("Qty")),
                Column::figures(t("Rate")),
                Column::figures(t("Disc.")),
                Column::figures(t("Taxable")),
                Column::figures(Label::plain("CGST")),
                Column::figures(Label::plain("SGST")),
                Column::figures(t("Amount")),
            ],
            rows,
            foot: Some(vec![sum(""), Cell::of(t("Total").inline()), sum(""), sum(""), sum(""), sum("12,076.80"), sum("6,30,223.20"), sum("15,755.58"), sum("15,755.58"), sum("6,61,734.36")]),
        },
        by_hsn: Some((t("Tax by HSN"), Table {
            columns: vec![Column::words(Label::plain("HSN")), Column::figures(t("Taxable")), Column::figures(t("Rate")), Column::figures(Label::plain("CGST")), Column::figures(Label::plain("SGST"))],
            rows: NAMES.iter().take(lines).map(|(_, _, hsn)| vec![sum(hsn), sum("1,05,037.20"), sum("5%"), sum("2,625.93"), sum("2,625.93")]).collect(),
            foot: None,
        })),
        totals: vec![
            fact(tongues, "Taxable value", "₹6,30,223.20", Weight::Plain),
            fact(tongues, "CGST", "₹15,755.58", Weight::Plain),
            fact(tongues, "SGST", "₹15,755.58", Weight::Plain),
            fact(tongues, "Round off", "−₹0.36", Weight::Plain),
            fact(tongues, "Invoice total", "₹6,61,734.00", Weight::Grand),
            fact(tongues, "Received", "−₹6,47,026.00", Weight::Plain),
            fact(tongues, "Balance due", "₹14,708.00", Weight::Strong),
        ],
        words: Some(Label {
            text: "Rupees six lakh sixty-one thousand seven hundred and thirty-four only".to_owned(),
            second: second.map(|_| "रुपये छह लाख इकसठ हज़ार सात सौ चौंतीस मात्र".to_owned()),
        }),
        pay: Some(Pay {
            label: t("Pay the balance"),
            lines: vec!["UPI annapurna@examplebank".into(), "Example Bank, Vashi branch".into(), "A/c 00001234567890 · IFSC EXMP0000001".into()],
            qr: Qr::of(UPI, Strength::Medium, "UPI code".to_owned()),
        }),
        terms: vec!["Interest at 18% a year after the due date. Goods once sold are taken back within 7 days.".into(), "Subject to Navi Mumbai jurisdiction.".into()],
        signature: Some((Label::plain("For Annapurna Traders"), t("Authorised signatory"))),
        closing: t("This is a computer-generated invoice."),
    }
}

/// A statement of some rows.
pub fn statement(rows: usize) -> TableSheet {
    let tongues = Tongues {
        first: Lang::En,
        second: None,
    };
    let t = |key| tongues.label(key);
    TableSheet {
        tongues,
        title: t("Statement of account"),
        period: "1 Apr 2026 – 19 Nov 2026".to_owned(),
        made_at: moment(),
        head: head(),
        parties: vec![Party {
            label: t("Customer"),
            name: "Lakshmi Stores".to_owned(),
            lines: vec!["18 Usman Road, Dadar West".into(), "Mumbai 400028".into()],
        }],
        facts: vec![
            fact(tongues, "Opening balance", "₹12,000.00", Weight::Plain),
            fact(tongues, "Closing balance", "₹1,23,456.00", Weight::Strong),
        ],
        table: Table {
            columns: vec![
                Column::words(t("Date")),
                Column::words(t("Document")),
                Column::growing(t("Details")),
                Column::figures(t("Debit")),
                Column::figures(t("Credit")),
                Column::figures(t("Balance")),
            ],
            rows: (0..rows)
                .map(|row| {
                    vec![
                        Cell::of("19 Nov 2026"),
                        Cell::of(format!("MH/26-27/{row:05}")),
                        Cell::of("Invoice, due 4 Dec 2026"),
                        Cell::of("1,238.40"),
                        Cell::default(),
                        Cell::of("1,23,456.00"),
                    ]
                })
                .collect(),
            foot: None,
        },
        totals: vec![fact(tongues, "Balance", "₹1,23,456.00", Weight::Grand)],
        pay: None,
        closing: t("Made by a computer; valid without a seal."),
    }
}
