//! Workbooks made byte by byte, honest and not.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const SPACE: &str = "http://schemas.openxmlformats.org";

/// A catalogue of three columns.
pub const TEXTS: [&str; 5] = ["SKU", "Name", "MRP", "W-1", "Basmati rice"];

/// An XLSX: the parts that make it, by name.
#[derive(Clone)]
pub struct Parts(Vec<(String, String)>);

impl Parts {
    /// A sheet with a head and one product.
    pub fn honest() -> Self {
        let texts = TEXTS.map(|text| format!("<si><t>{text}</t></si>")).concat();
        Self(Vec::new())
            .with("_rels/.rels", &format!(r#"<Relationships xmlns="{SPACE}/package/2006/relationships"><Relationship Id="rId1" Type="{SPACE}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#))
            .with("xl/_rels/workbook.xml.rels", &format!(r#"<Relationships xmlns="{SPACE}/package/2006/relationships"><Relationship Id="rId1" Type="{SPACE}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#))
            .sheets(1)
            .with("xl/sharedStrings.xml", &shared("sst", r#"count="5" uniqueCount="5""#, &texts))
            .cells(&rows(""))
    }

    /// With another part, or a part that says something else.
    pub fn with(mut self, name: &str, content: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), content.to_owned()));
        self
    }

    /// Without a part.
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    /// With other rows.
    pub fn cells(self, rows: &str) -> Self {
        self.with(
            "xl/worksheets/sheet1.xml",
            &format!(r#"<worksheet xmlns="{SPACE}/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#),
        )
    }

    /// With so many names for the one sheet.
    pub fn sheets(self, count: usize) -> Self {
        let mut sheets = String::new();
        for number in 1..=count {
            write!(
                sheets,
                r#"<sheet name="S{number}" sheetId="{number}" r:id="rId1"/>"#
            )
            .unwrap();
        }
        self.with(
            "xl/workbook.xml",
            &format!(r#"<workbook xmlns="{SPACE}/spreadsheetml/2006/main" xmlns:r="{SPACE}/officeDocument/2006/relationships"><sheets>{sheets}</sheets></workbook>"#),
        )
    }

    /// The bytes of the file.
    pub fn zipped(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let packed = SimpleFileOptions::default().compression_level(Some(1));
        for (name, content) in &self.0 {
            zip.start_file(name, packed).unwrap();
            zip.write_all(content.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }
}

/// The head, a product, and more rows.
pub fn rows(more: &str) -> String {
    let head = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>"#;
    let one = r#"<row r="2"><c r="A2" t="s"><v>3</v></c><c r="B2" t="s"><v>4</v></c><c r="C2"><v>120.5</v></c></row>"#;
    format!("{head}{one}{more}")
}

/// So many rows with one cell, two hundred columns out.
pub fn far_rows(count: usize) -> String {
    let mut text = String::new();
    for row in 3..3 + count {
        write!(text, r#"<row r="{row}"><c r="GR{row}"><v>1</v></c></row>"#).unwrap();
    }
    text
}

/// A table of shared texts.
pub fn shared(name: &str, claims: &str, texts: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><{name} xmlns="{SPACE}/spreadsheetml/2006/main" xmlns:x="{SPACE}/spreadsheetml/2006/main" {claims}>{texts}</{name}>"#
    )
}

/// An XLS: the records of its workbook and of its sheet.
pub struct Records {
    pub texts: Vec<String>,
    pub cells: Vec<(u16, Vec<u8>)>,
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes(), &length.to_le_bytes(), data].concat()
}

/// `DIMENSIONS`: one past the last row, one past the last column.
pub fn size(rows: u32, columns: u16) -> (u16, Vec<u8>) {
    let mut data = vec![0; 4];
    data.extend(rows.to_le_bytes());
    data.extend([0; 2]);
    data.extend(columns.to_le_bytes());
    data.extend([0; 2]);
    (0x0200, data)
}

/// A cell with a shared text.
pub fn text(row: u16, column: u16, number: u32) -> (u16, Vec<u8>) {
    let place = [row.to_le_bytes(), column.to_le_bytes(), [0; 2]].concat();
    (0x00FD, [place.as_slice(), &number.to_le_bytes()].concat())
}

/// A cell with a figure.
pub fn figure(row: u16, column: u16, value: f64) -> (u16, Vec<u8>) {
    let place = [row.to_le_bytes(), column.to_le_bytes(), [0; 2]].concat();
    (0x0203, [place.as_slice(), &value.to_le_bytes()].concat())
}

impl Records {
    /// A sheet with a head and one product.
    pub fn honest() -> Self {
        Self {
            texts: TEXTS.map(str::to_owned).to_vec(),
            cells: vec![
                size(2, 3),
                text(0, 0, 0),
                text(0, 1, 1),
                text(0, 2, 2),
                text(1, 0, 3),
                text(1, 1, 4),
                figure(1, 2, 120.5),
            ],
        }
    }

    /// With more cells.
    pub fn and(mut self, cells: impl IntoIterator<Item = (u16, Vec<u8>)>) -> Self {
        self.cells.extend(cells);
        self
    }

    /// The stream of the workbook.
    pub fn stream(&self) -> Vec<u8> {
        let mut table = [0; 8].to_vec();
        let mut table_parts = Vec::new();
        for text in &self.texts {
            let length = u16::try_from(text.len()).unwrap();
            let one = [&length.to_le_bytes(), [0].as_slice(), text.as_bytes()].concat();
            if table.len() + one.len() > 8_000 {
                table_parts.push(std::mem::take(&mut table));
            }
            for part in one.chunks(8_000) {
                if !table.is_empty() && table.len() + part.len() > 8_000 {
                    table_parts.push(std::mem::replace(&mut table, vec![0]));
                }
                table.extend(part);
            }
        }
        table_parts.push(table);
        let mut tail = Vec::new();
        for (place, part) in table_parts.iter().enumerate() {
            tail.extend(record(if place == 0 { 0x00FC } else { 0x003C }, part));
        }
        tail.extend(record(0x000A, &[]));
        let begin = |what: u8| record(0x0809, &[0, 6, what, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        let head = begin(5);
        let at = u32::try_from(head.len() + 4 + 6 + 2 + 5 + tail.len()).unwrap();
        let sheet = [&at.to_le_bytes(), [0, 0, 5, 0].as_slice(), b"Sheet"].concat();
        let mut stream = [head, record(0x0085, &sheet), tail, begin(16)].concat();
        for (kind, data) in &self.cells {
            stream.extend(record(*kind, data));
        }
        stream.extend(record(0x000A, &[]));
        stream
    }

    /// The bytes of the file.
    pub fn file(&self) -> Vec<u8> {
        compound(&self.stream(), |_| {})
    }
}

/// A file around a stream: a head, the folder, the table of sectors, the stream. `bend` changes the table, whose first two entries are its own and the folder's.
pub fn compound(stream: &[u8], bend: impl FnOnce(&mut Vec<u32>)) -> Vec<u8> {
    const SECTOR: usize = 4_096;
    const END: u32 = 0xFFFF_FFFE;
    let sectors = u32::try_from(stream.len().div_ceil(SECTOR).max(1)).unwrap();
    assert!(sectors < 1_000, "one sector of the table");
    let mut table = vec![0xFFFF_FFFD, END];
    table.extend((2..2 + sectors).map(|number| {
        if number == 1 + sectors {
            END
        } else {
            number + 1
        }
    }));
    bend(&mut table);
    table.resize(SECTOR / 4, 0xFFFF_FFFF);

    let mut head = vec![0; SECTOR];
    head[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    let mut put = |at: usize, bytes: &[u8]| head[at..at + bytes.len()].copy_from_slice(bytes);
    put(24, &[0x3E, 0, 4, 0, 0xFE, 0xFF, 12, 0, 6, 0]);
    put(44, &1_u32.to_le_bytes());
    put(48, &1_u32.to_le_bytes());
    put(56, &4_096_u32.to_le_bytes());
    put(60, &END.to_le_bytes());
    put(68, &END.to_le_bytes());
    put(76, &[0; 4]);
    put(80, &[0xFF; 432]);

    let mut folder = vec![0; SECTOR];
    let length = u32::try_from(stream.len().max(SECTOR)).unwrap();
    for (place, (name, kind, start, length)) in
        [("Root Entry", 5, END, 0), ("Workbook", 2, 2, length)]
            .into_iter()
            .enumerate()
    {
        let at = place * 128;
        for (sign, unit) in name.encode_utf16().enumerate() {
            folder[at + sign * 2..at + sign * 2 + 2].copy_from_slice(&unit.to_le_bytes());
        }
        folder[at + 64] = u8::try_from(name.len() * 2 + 2).unwrap();
        folder[at + 66] = kind;
        folder[at + 116..at + 120].copy_from_slice(&start.to_le_bytes());
        folder[at + 120..at + 124].copy_from_slice(&length.to_le_bytes());
    }

    let mut file = head;
    file.extend(table.iter().flat_map(|number| number.to_le_bytes()));
    file.extend(folder);
    file.extend(stream);
    file.resize(file.len().next_multiple_of(SECTOR).max(4 * SECTOR), 0);
    file
}
