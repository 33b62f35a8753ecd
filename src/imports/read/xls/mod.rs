//! Workbooks from before 2007: records in a stream. Only where cells lie is kept of a sheet; their text is made when it is asked for.
//!
//! What a sheet says of its own size reserves nothing here.

mod compound;
mod texts;

use super::book::{figure, too_large, unreadable};
use crate::kernel::language::Said;
use encoding_rs::{Encoding, WINDOWS_1252};
use texts::{shared, text};

/// Records, by the numbers that the format gives them.
mod is {
    pub const FORMULA: u16 = 0x0006;
    pub const END: u16 = 0x000A;
    pub const PASSWORD: u16 = 0x002F;
    pub const MORE: u16 = 0x003C;
    pub const CODEPAGE: u16 = 0x0042;
    pub const SHEET: u16 = 0x0085;
    pub const FIGURES: u16 = 0x00BD;
    pub const RICH: u16 = 0x00D6;
    pub const TEXTS: u16 = 0x00FC;
    pub const SHARED: u16 = 0x00FD;
    pub const SIZE: u16 = 0x0200;
    pub const NUMBER: u16 = 0x0203;
    pub const LABEL: u16 = 0x0204;
    pub const TRUTH: u16 = 0x0205;
    pub const RESULT: u16 = 0x0207;
    pub const FIGURE: u16 = 0x027E;
    pub const BEGIN: u16 = 0x0809;
}

/// What a sheet of the format holds.
const ROWS: u64 = 65_536;
const COLUMNS: u64 = 256;
/// Sheets.
const MOST_SHEETS: usize = 1_000;

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    let field = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(field.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    let field = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(field.try_into().ok()?))
}

fn double(bytes: &[u8], at: usize) -> Option<f64> {
    let field = bytes.get(at..at.checked_add(8)?)?;
    Some(f64::from_le_bytes(field.try_into().ok()?))
}

/// How text is written: since 1997 in Unicode, before in a code page.
#[derive(Clone, Copy)]
struct Script {
    is_unicode: bool,
    page: &'static Encoding,
}

/// An opened workbook.
pub struct Xls {
    stream: Vec<u8>,
    /// Names, and where they begin.
    sheets: Vec<(String, usize)>,
    shared: Vec<Box<str>>,
    script: Script,
}

/// A record: its kind, where its content begins, the content, and where the next begins.
struct Record<'a> {
    kind: u16,
    at: usize,
    data: &'a [u8],
    next: usize,
}

/// The record that begins there; nothing at the end of the stream.
fn record(stream: &[u8], at: usize) -> Result<Option<Record<'_>>, Said> {
    if at == stream.len() {
        return Ok(None);
    }
    let read = || {
        let next = at + 4 + usize::from(half(stream, at + 2)?);
        Some(Record {
            kind: half(stream, at)?,
            at: at + 4,
            data: stream.get(at + 4..next)?,
            next,
        })
    };
    read().map(Some).ok_or_else(unreadable)
}

impl Xls {
    /// Opens it.
    pub fn open(bytes: &[u8]) -> Result<Self, Said> {
        let stream = compound::stream(bytes, &["Workbook", "Book"]).ok_or_else(unreadable)?;
        let mut book = Self {
            stream,
            sheets: Vec::new(),
            shared: Vec::new(),
            script: Script {
                is_unicode: true,
                page: WINDOWS_1252,
            },
        };
        let mut at = 0;
        while let Some(found) = record(&book.stream, at)? {
            at = found.next;
            match found.kind {
                is::BEGIN => {
                    book.script.is_unicode = half(found.data, 0) != Some(0x0500);
                }
                is::PASSWORD => return Err(unreadable()),
                is::CODEPAGE => {
                    book.script.page = page(half(found.data, 0).ok_or_else(unreadable)?);
                }
                is::SHEET => {
                    if let Some(sheet) = sheet(found.data, book.script) {
                        book.sheets.push(sheet);
                    }
                    if book.sheets.len() > MOST_SHEETS {
                        return Err(too_large());
                    }
                }
                is::TEXTS => {
                    let mut parts = vec![found.data.get(8..).ok_or_else(unreadable)?];
                    while let Some(more) = record(&book.stream, at)? {
                        if more.kind != is::MORE {
                            break;
                        }
                        parts.push(more.data);
                        at = more.next;
                    }
                    book.shared = shared(&parts)?;
                }
                is::END => break,
                _ => {}
            }
        }
        Ok(book)
    }

    /// Names of its sheets.
    pub fn sheets(&self) -> Vec<String> {
        self.sheets.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The cells of a sheet, by rows and columns.
    pub fn cells(&self, sheet: &str) -> Result<Cells<'_>, Said> {
        let (_, start) = self
            .sheets
            .iter()
            .find(|(name, _)| name == sheet)
            .ok_or_else(unreadable)?;
        if *start >= self.stream.len() {
            return Err(unreadable());
        }
        let mut places: Vec<Place> = Vec::new();
        let mut at = *start;
        // Charts lie in a sheet as streams of their own and hold records that look like cells.
        let mut depth = 0_u32;
        let mut formula = (0, 0);
        while let Some(found) = record(&self.stream, at)? {
            at = found.next;
            match found.kind {
                is::BEGIN => depth += 1,
                is::END if depth <= 1 => break,
                is::END => depth -= 1,
                _ if depth > 1 => {}
                is::SIZE => fits(found.data)?,
                is::RESULT => places.push(Place::new(formula, is::RESULT, found.at)?),
                is::FIGURES => several(&mut places, &found)?,
                is::FORMULA
                | is::NUMBER
                | is::LABEL
                | is::RICH
                | is::TRUTH
                | is::SHARED
                | is::FIGURE => {
                    if found.data.len() < shortest(found.kind) {
                        return Err(unreadable());
                    }
                    let place = position(found.data)?;
                    formula = place;
                    places.push(Place::new(place, found.kind, found.at + 4)?);
                }
                _ => {}
            }
        }
        // Some programs write column by column. Of two cells in one place the later counts: it comes later here, too.
        places.sort_by_key(|place| (place.row, place.column));
        Ok(Cells {
            book: self,
            places: places.into_iter(),
        })
    }
}

/// The least that the record of a cell holds, in bytes.
fn shortest(kind: u16) -> usize {
    match kind {
        is::FORMULA => 20,
        is::NUMBER => 14,
        is::FIGURE | is::SHARED => 10,
        _ => 8,
    }
}

fn position(data: &[u8]) -> Result<(u16, u16), Said> {
    half(data, 0).zip(half(data, 2)).ok_or_else(unreadable)
}

/// Several figures in a row: first column, figures, last column.
fn several(places: &mut Vec<Place>, found: &Record) -> Result<(), Said> {
    let (row, first) = position(found.data)?;
    let count = found.data.len().saturating_sub(6) / 6;
    if found.data.len() != 6 + count * 6 {
        return Err(unreadable());
    }
    for step in 0..count {
        let column = u16::try_from(step)
            .ok()
            .and_then(|step| first.checked_add(step))
            .ok_or_else(unreadable)?;
        places.push(Place::new(
            (row, column),
            is::FIGURE,
            found.at + 4 + step * 6,
        )?);
    }
    Ok(())
}

/// Refuses a sheet that says it is larger than the format allows.
fn fits(data: &[u8]) -> Result<(), Said> {
    let wide = |at: usize| long(data, at).map(u64::from);
    let narrow = |at: usize| half(data, at).map(u64::from);
    let (rows, columns) = if data.len() < 14 {
        (narrow(2), narrow(6))
    } else {
        (wide(4), narrow(10))
    };
    let (rows, columns) = rows.zip(columns).ok_or_else(unreadable)?;
    if rows > ROWS || rows * columns > ROWS * COLUMNS {
        return Err(unreadable());
    }
    Ok(())
}

/// A sheet with cells: where it begins, what it is, and its name.
fn sheet(data: &[u8], script: Script) -> Option<(String, usize)> {
    let at = usize::try_from(long(data, 0)?).ok()?;
    if *data.get(5)? != 0 {
        return None;
    }
    let length = usize::from(*data.get(6)?);
    let mut name = text(data, 7, length, script)?;
    name.retain(|sign| sign != '\0');
    Some((name, at))
}

fn page(number: u16) -> &'static Encoding {
    let label = match number {
        874 | 1250..=1258 => format!("windows-{number}"),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        10_000 => "macintosh".to_owned(),
        _ => String::new(),
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252)
}

/// Where a cell lies in the sheet, and its content in the stream.
struct Place {
    row: u16,
    column: u16,
    kind: u16,
    at: u32,
}

impl Place {
    fn new((row, column): (u16, u16), kind: u16, at: usize) -> Result<Self, Said> {
        if u64::from(column) >= COLUMNS {
            return Err(unreadable());
        }
        Ok(Self {
            row,
            column,
            kind,
            at: u32::try_from(at).map_err(|_| unreadable())?,
        })
    }
}

/// Cells of a sheet, one after the other.
pub struct Cells<'a> {
    book: &'a Xls,
    places: std::vec::IntoIter<Place>,
}

impl Cells<'_> {
    /// Row, column and text of the next.
    pub fn next(&mut self) -> Option<(u32, usize, String)> {
        let place = self.places.next()?;
        let text = self.book.read(&place).unwrap_or_default();
        Some((u32::from(place.row), usize::from(place.column), text))
    }
}

impl Xls {
    fn read(&self, place: &Place) -> Option<String> {
        let at = usize::try_from(place.at).ok()?;
        let stream = self.stream.as_slice();
        // After row and column lies the number of the format.
        match place.kind {
            is::NUMBER => double(stream, at + 2).map(figure),
            is::FIGURE => packed(long(stream, at + 2)?).map(figure),
            is::TRUTH => said(*stream.get(at + 2)?, *stream.get(at + 3)? != 0),
            is::SHARED => {
                let number = usize::try_from(long(stream, at + 2)?).ok()?;
                Some(self.shared.get(number)?.to_string())
            }
            is::LABEL | is::RICH => self.long_text(at - 4, 6),
            is::RESULT => self.long_text(at, 0),
            is::FORMULA if half(stream, at + 8)? == 0xFFFF => match *stream.get(at + 2)? {
                1 => said(*stream.get(at + 4)?, false),
                2 => said(*stream.get(at + 4)?, true),
                // A text comes in a record of its own.
                _ => None,
            },
            is::FORMULA => double(stream, at + 2).map(figure),
            _ => None,
        }
    }

    /// The text in a record, as far as the record goes.
    fn long_text(&self, start: usize, before: usize) -> Option<String> {
        let end = start + usize::from(half(&self.stream, start - 2)?);
        let data = self.stream.get(start..end)?;
        let length = usize::from(half(data, before)?);
        text(data, before + 2, length, self.script)
    }
}

/// A figure in four bytes: a whole number or the upper half of a fraction, perhaps in hundredths.
fn packed(value: u32) -> Option<f64> {
    let number = if value & 2 == 0 {
        f64::from_bits(u64::from(value & !3) << 32)
    } else {
        f64::from(i32::from_le_bytes(value.to_le_bytes()) >> 2)
    };
    Some(if value & 1 == 0 {
        number
    } else {
        number / 100.0
    })
}

/// A truth or a fault in words.
fn said(value: u8, is_fault: bool) -> Option<String> {
    let words = match (is_fault, value) {
        (false, 0) => "FALSE",
        (false, _) => "TRUE",
        (true, 0x00) => "#NULL!",
        (true, 0x07) => "#DIV/0!",
        (true, 0x0F) => "#VALUE!",
        (true, 0x17) => "#REF!",
        (true, 0x1D) => "#NAME?",
        (true, 0x24) => "#NUM!",
        (true, 0x2A) => "#N/A",
        (true, 0x2B) => "#DATA!",
        _ => return None,
    };
    Some(words.to_owned())
}
