//! Workbooks that lie about themselves: they are refused in words, and what is honest is read whatever it looks like.

use crate::support::imports::send;
use crate::support::process::{self, two_logins};
use crate::support::workbooks::{
    Parts, Records, TEXTS, compound, far_rows, figure, rows, shared, size, text,
};
use crate::support::{PASSWORD, Page, Tenant, company_of, tenant};

/// What a workbook is answered with: nothing to complain of, or words.
struct Answered<'a> {
    tenant: &'a Tenant,
    ending: &'a str,
}

impl<'a> Answered<'a> {
    fn of(tenant: &'a Tenant, ending: &'a str) -> Self {
        Self { tenant, ending }
    }

    fn send(&self, what: &str, bytes: &[u8]) -> Page {
        let name = format!("book.{}", self.ending);
        let sent = send(
            &self.tenant.owner,
            &self.tenant.path(""),
            "products",
            &name,
            bytes,
        );
        // The server goes on, whatever it was.
        self.tenant
            .owner
            .get(&self.tenant.path("/products/import"))
            .is(200);
        assert!([303, 422].contains(&sent.status), "{what}: {}", sent.status);
        sent
    }

    fn refuses(&self, what: &str, bytes: &[u8], words: &str) {
        let sent = self.send(what, bytes);
        assert_eq!(sent.status, 422, "{what}");
        sent.shows("main", words);
    }

    fn takes(&self, what: &str, bytes: &[u8]) {
        let sent = self.send(what, bytes);
        assert_eq!(sent.status, 303, "{what}: {}", sent.html);
        let page = sent.follow();
        page.shows("#preview", "Basmati rice")
            .shows("#preview", "120.5");
    }
}

/// Where a workbook keeps the texts that its cells share.
const TABLE: &str = "xl/sharedStrings.xml";

/// The texts of an honest workbook, as that table has them.
fn items() -> String {
    TEXTS.map(|text| format!("<si><t>{text}</t></si>")).concat()
}

const UNREADABLE: &str = "This workbook can't be read.";
const TOO_LARGE: &str = "This workbook is too large once it is unpacked.";
const TOO_MUCH: &str = "This sheet holds too much for one import.";

#[test]
fn an_xlsx_that_lies_about_its_sizes_is_refused() {
    let tenant = tenant();
    let books = Answered::of(&tenant, "xlsx");
    let honest = Parts::honest();
    let items = items();

    // true sizes, and those that say how often a text is used
    books.takes("honest", &honest.zipped());
    let claims = r#"count="90000000" uniqueCount="5""#;
    books.takes(
        "used often",
        &honest
            .clone()
            .with(TABLE, &shared("sst", claims, &items))
            .zipped(),
    );
    books.takes(
        "no claim",
        &honest
            .clone()
            .with(TABLE, &shared("sst", "", &items))
            .zipped(),
    );

    // a table of texts that says it holds more than it could, whatever its name and spelling
    for claims in [
        r#"uniqueCount="10000000000000""#,
        r#"count="5" uniqueCount='1000000'"#,
        r#"uniqueCount = "99999999999999999999999999""#,
    ] {
        for name in ["sst", "x:sst"] {
            let lie = shared(name, claims, &items);
            books.refuses(
                claims,
                &honest.clone().with(TABLE, &lie).zipped(),
                UNREADABLE,
            );
            let elsewhere = honest
                .clone()
                .without(TABLE)
                .with("XL\\SharedStrings.XML", &lie);
            books.refuses(claims, &elsewhere.zipped(), UNREADABLE);
        }
    }
}

#[test]
fn an_xlsx_that_unpacks_to_too_much_is_refused() {
    let tenant = tenant();
    let books = Answered::of(&tenant, "xlsx");
    let honest = Parts::honest();
    let items = items();

    // rows that are as wide as their last cell
    books.takes(
        "some far cells",
        &honest.clone().cells(&rows(&far_rows(2_000))).zipped(),
    );
    books.refuses(
        "far cells",
        &honest.clone().cells(&rows(&far_rows(100_010))).zipped(),
        TOO_MUCH,
    );

    // one text for many cells
    let long = "x".repeat(900_000);
    let texts = shared("sst", "", &format!("{items}<si><t>{long}</t></si>"));
    let with_uses = |uses: usize| {
        let cells = r#"<c t="s"><v>5</v></c>"#.repeat(uses);
        let rows = rows(&format!(r#"<row r="3">{cells}</row>"#));
        honest.clone().with(TABLE, &texts).cells(&rows).zipped()
    };
    books.takes("a long text", &with_uses(2));
    books.refuses("a long text for many", &with_uses(150), TOO_MUCH);

    // one text that is longer than any cell's, and tags in tags
    let endless = format!("{items}<si><t>{}</t></si>", "x".repeat(5_000_000));
    books.refuses(
        "endless",
        &honest
            .clone()
            .with(TABLE, &shared("sst", "", &endless))
            .zipped(),
        TOO_LARGE,
    );
    let deep = honest.clone().with("xl/deep.xml", &"<a>".repeat(100_000));
    books.refuses("deep", &deep.zipped(), UNREADABLE);

    // more texts than a workbook may share
    let many = "<si/>".repeat(1_000_001);
    books.refuses(
        "many texts",
        &honest
            .clone()
            .with(TABLE, &shared("sst", "", &many))
            .zipped(),
        TOO_LARGE,
    );

    // many names for one sheet
    books.takes("thirty sheets", &honest.clone().sheets(30).zipped());
    books.refuses(
        "many sheets",
        &honest.clone().sheets(20_000).zipped(),
        TOO_LARGE,
    );

    // formats that would be copied for each style
    let formats = format!(
        r#"<styleSheet><numFmts><numFmt numFmtId="200" formatCode="{}"/></numFmts><cellXfs>{}</cellXfs></styleSheet>"#,
        "0".repeat(500_000),
        r#"<xf numFmtId="200"/>"#.repeat(50_000)
    );
    books.takes(
        "formats",
        &honest.clone().with("xl/styles.xml", &formats).zipped(),
    );
}

#[test]
fn an_xls_is_read_whatever_its_cells_are() {
    let tenant = tenant();
    let books = Answered::of(&tenant, "xls");

    // true sizes; and cells at the far ends of the sheet take no more than they are
    books.takes("honest", &Records::honest().file());
    books.takes(
        "full size",
        &Records::honest().and([size(65_536, 256)]).file(),
    );
    let far = [
        figure(65_535, 255, 1.0),
        figure(65_535, 0, 2.0),
        figure(3, 199, 3.0),
    ];
    books.takes("far cells", &Records::honest().and(far).file());
    let mut columns = Records::honest();
    columns.cells[1..].sort_by_key(|(_, data)| (data[2], data[0]));
    books.takes("column by column", &columns.file());

    // cells of each kind, and a text behind one that is cut into several records
    let place = |column: u8| [2, 0, column, 0, 0, 0];
    let wide: Vec<u8> = "Tür dāl"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut kinds = Records::honest().and([
        (0x0204, [place(0).as_slice(), &[7, 0, 1], &wide].concat()),
        (
            0x0006,
            [place(1).as_slice(), &[0, 0, 0, 0, 0, 0, 255, 255], &[0; 8]].concat(),
        ),
        (0x0207, [&[6, 0, 0], b"Result".as_slice()].concat()),
        (
            0x027E,
            [place(2).as_slice(), &(9_975_u32 << 2 | 3).to_le_bytes()].concat(),
        ),
        (0x0205, [place(3).as_slice(), &[1, 0]].concat()),
        (0x0205, [place(4).as_slice(), &[0x2A, 1]].concat()),
        (
            0x00BD,
            [
                &[2, 0, 5, 0, 0, 0],
                (41_u32 << 2 | 2).to_le_bytes().as_slice(),
                &[5, 0],
            ]
            .concat(),
        ),
        (
            0x0006,
            [place(6).as_slice(), &2.25_f64.to_le_bytes(), &[0; 8]].concat(),
        ),
        text(2, 7, 6),
    ]);
    kinds
        .texts
        .extend(["y".repeat(20_000), "Behind".to_owned()]);
    let page = books.send("kinds", &kinds.file()).follow();
    for shown in [
        "Tür dāl",
        "Result",
        "99.75",
        "TRUE",
        "#N/A",
        "41",
        "2.25",
        "Behind",
    ] {
        page.shows("main", shown);
    }
}

#[test]
fn an_xls_that_lies_about_its_sizes_is_refused() {
    let tenant = tenant();
    let books = Answered::of(&tenant, "xls");

    // more rows and columns than a sheet has
    for (rows, columns) in [
        (u32::MAX, u16::MAX),
        (u32::MAX, 1),
        (65_537, 1),
        (65_536, u16::MAX),
    ] {
        let lie = Records::honest().and([size(rows, columns)]);
        books.refuses("size", &lie.file(), UNREADABLE);
    }
    books.refuses(
        "column",
        &Records::honest().and([figure(1, 256, 1.0)]).file(),
        UNREADABLE,
    );
    let several = (
        0x00BD,
        [&[1, 0, 254, 0], [0; 18].as_slice(), &[0, 1]].concat(),
    );
    books.refuses(
        "columns",
        &Records::honest().and([several]).file(),
        UNREADABLE,
    );

    // records that are too short, or longer than what is left
    for kind in [0x0006, 0x0200, 0x0203, 0x0204, 0x00FD, 0x027E, 0x00BD] {
        let short = Records::honest().and([(kind, vec![0; 3])]);
        books.refuses("short", &short.file(), UNREADABLE);
    }
    let mut stream = Records::honest().stream();
    let end = stream.len();
    stream[end - 2..].copy_from_slice(&[0xFF, 0xFF]);
    stream[end - 4..end - 2].copy_from_slice(&[0x05, 0x02]);
    books.refuses("too long", &compound(&stream, |_| {}), UNREADABLE);
}

#[test]
fn an_xls_that_unfolds_to_too_much_is_refused() {
    let tenant = tenant();
    let books = Answered::of(&tenant, "xls");

    // a long text for many cells
    let with_uses = |uses: u16| {
        let mut book = Records::honest();
        book.texts.push("y".repeat(32_000));
        book.and((0..uses).map(|use_| text(2 + use_ / 100, use_ % 100, 5)))
            .file()
    };
    books.takes("a long text", &with_uses(3));
    books.refuses("a long text for many", &with_uses(600), TOO_MUCH);

    // chains of sectors that come back to themselves
    let stream = Records::honest().stream();
    books.takes(
        "a folder without end",
        &compound(&stream, |table| table[1] = 1),
    );
    books.refuses(
        "a stream out of the file",
        &compound(&[0; 5_000], |table| table[2] = 900_000),
        UNREADABLE,
    );
    let endless = (0..400).map(|row| figure(row + 2, 0, 1.0));
    let long = Records::honest().and(endless).stream();
    books.refuses(
        "a stream without end",
        &compound(&long, |table| table[2] = 2),
        UNREADABLE,
    );
}

/// What a process had in memory at most, in MB.
fn most_memory(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap();
    line.split_whitespace()
        .nth(1)
        .unwrap()
        .parse::<u64>()
        .unwrap()
        / 1024
}

#[test]
fn the_hungriest_workbook_takes_no_more_than_150_mb() {
    // given
    let urls = process::database("imports_memory");
    let folder = tempfile::tempdir().unwrap();
    let files = format!("file://{}", folder.path().display());
    let mut settings = two_logins(&urls);
    settings.push(("MANDI_FILES_URL", files.as_str()));
    let server = process::serve(&settings);
    let (_, slug, _, email) = company_of(&urls.owner);
    let browser = server.browser();
    browser.sign_in(&email, PASSWORD).is(200);
    let base = format!("/c/{slug}");
    send(
        &browser,
        &base,
        "products",
        "book.xlsx",
        &Parts::honest().zipped(),
    )
    .is(303);
    let before = most_memory(server.id());

    // when: all limits are nearly reached
    let item = format!("<si><t>{}</t></si>", "z".repeat(39));
    let mut texts = items();
    texts.push_str(&item.repeat(990_000));
    let shares = shared("sst", r#"uniqueCount="990005""#, &texts);
    let xlsx = Parts::honest()
        .with(TABLE, &shares)
        .cells(&rows(&far_rows(99_000)))
        .zipped();
    let mut xls = Records::honest();
    xls.texts.extend((0..500_000).map(|_| String::new()));
    xls.cells.extend((2..60_000_u16).map(|row| {
        (0x00BD, {
            let mut data = [row.to_le_bytes(), [0; 2]].concat();
            data.extend([0; 12]);
            data.extend([1, 0]);
            data
        })
    }));

    // then
    send(&browser, &base, "products", "book.xlsx", &xlsx).is(303);
    let with_xlsx = most_memory(server.id());
    send(&browser, &base, "products", "book.xls", &xls.file()).is(303);
    let after = most_memory(server.id());
    println!("{before} MB, {with_xlsx} MB, {after} MB");
    assert!(
        after - before < 150,
        "{before} MB, {with_xlsx} MB, {after} MB"
    );
}
