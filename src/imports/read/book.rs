//! Workbooks: XLSX and XLS. A formula counts as the value that was saved with it.

use super::{MOST_COLUMNS, MOST_ROWS, Row};
use crate::kernel::language::Said;
use crate::kernel::number;
use calamine::{Data, DataRef, Reader, Xls, Xlsx};
use rust_decimal::Decimal;
use std::io::Cursor;

/// Most that an XLSX may weigh unpacked, in bytes: a small file can hold a very large one.
const MOST_UNPACKED: u64 = 400_000_000;
/// Cells that are read of one sheet.
const MOST_CELLS: usize = 6_000_000;

/// A workbook.
pub enum Book {
    /// Since 2007.
    Xlsx(Xlsx<Cursor<Vec<u8>>>),
    /// Before.
    Xls(Xls<Cursor<Vec<u8>>>),
}

fn unreadable() -> Said {
    Said::new("This workbook can't be read. Open it, save it as XLSX or CSV, and send it again.")
}

impl Book {
    /// Opens it.
    pub fn open(bytes: Vec<u8>) -> Result<Self, Said> {
        if bytes.starts_with(b"PK") {
            if unpacked(&bytes).is_none_or(|size| size > MOST_UNPACKED) {
                return Err(Said::new(
                    "This workbook is too large once it is unpacked. Save the sheet as CSV and send that.",
                ));
            }
            return Xlsx::new(Cursor::new(bytes))
                .map(Self::Xlsx)
                .map_err(|_| unreadable());
        }
        Xls::new(Cursor::new(bytes))
            .map(Self::Xls)
            .map_err(|_| unreadable())
    }

    /// Names of its sheets.
    pub fn sheets(&self) -> Vec<String> {
        match self {
            Self::Xlsx(book) => book.sheet_names(),
            Self::Xls(book) => book.sheet_names(),
        }
    }

    /// The sheet with the most filled cells; the first of several. Prose has many rows and few columns.
    pub fn likeliest(&mut self) -> String {
        let mut best = (0, String::new());
        for sheet in self.sheets() {
            let rows = self.rows(&sheet).unwrap_or_default();
            let filled = |(_, cells): &Row| cells.iter().filter(|cell| !cell.is_empty()).count();
            let weight = rows.iter().map(filled).sum();
            if best.1.is_empty() || weight > best.0 {
                best = (weight, sheet);
            }
        }
        best.1
    }

    /// The rows of a sheet that hold anything.
    pub fn rows(&mut self, sheet: &str) -> Result<Vec<Row>, Said> {
        if !self.sheets().iter().any(|known| known == sheet) {
            return Err(
                Said::new("The workbook has no sheet {sheet}.").with("sheet", sheet.to_owned())
            );
        }
        let mut rows: Vec<Row> = Vec::new();
        match self {
            Self::Xlsx(book) => {
                let mut cells = book
                    .worksheet_cells_reader(sheet)
                    .map_err(|_| unreadable())?;
                let mut read = 0;
                while let Some(cell) = cells.next_cell().map_err(|_| unreadable())? {
                    read += 1;
                    if read > MOST_CELLS {
                        return Err(Said::new(
                            "This sheet holds too much for one import. Split it into several files.",
                        ));
                    }
                    put(&mut rows, cell.get_position(), of_ref(cell.get_value()));
                }
            }
            Self::Xls(book) => {
                let range = book.worksheet_range(sheet).map_err(|_| unreadable())?;
                let (top, left) = range.start().unwrap_or_default();
                for (row, column, cell) in range.used_cells() {
                    let at = |from: u32, by: usize| from + u32::try_from(by).unwrap_or(u32::MAX);
                    put(&mut rows, (at(top, row), at(left, column)), of(cell));
                }
            }
        }
        rows.retain(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
        Ok(rows)
    }
}

/// Cells come row by row; one that is out of order or too far out is left.
fn put(rows: &mut Vec<Row>, (row, column): (u32, u32), text: String) {
    let Ok(column) = usize::try_from(column) else {
        return;
    };
    if text.is_empty() || column >= MOST_COLUMNS || rows.len() > MOST_ROWS {
        return;
    }
    let number = row.saturating_add(1);
    if rows.last().is_none_or(|(last, _)| *last < number) {
        rows.push((number, Vec::new()));
    }
    let Some((last, cells)) = rows.last_mut() else {
        return;
    };
    if *last == number {
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
    }
}

fn figure(value: f64) -> String {
    // A spreadsheet keeps 0.1 + 0.2 as 0.30000000000000004 and shows 0.3.
    Decimal::try_from(value).map_or_else(
        |_| value.to_string(),
        |exact| number::rounded(exact, 9).normalize().to_string(),
    )
}

fn of_ref(value: &DataRef) -> String {
    match value {
        DataRef::SharedString(text) => (*text).to_owned(),
        other => of(&Data::from(other.clone())),
    }
}

fn of(value: &Data) -> String {
    match value {
        Data::Empty => String::new(),
        Data::Int(whole) => whole.to_string(),
        Data::Float(value) => figure(*value),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Bool(value) => value.to_string().to_uppercase(),
        Data::DateTime(at) => at.as_f64().to_string(),
        Data::Error(error) => error.to_string(),
    }
}

/// What the parts of a zip say they weigh unpacked, together; nothing when the list of parts can't be read.
fn unpacked(bytes: &[u8]) -> Option<u64> {
    let number = |at: usize, length: usize| -> Option<u64> {
        let field = bytes.get(at..at.checked_add(length)?)?;
        Some(
            field
                .iter()
                .rev()
                .fold(0, |sum, byte| (sum << 8) | u64::from(*byte)),
        )
    };
    let end = bytes
        .windows(4)
        .rposition(|four| four == [0x50, 0x4B, 0x05, 0x06])?;
    let parts = number(end + 10, 2)?;
    let mut at = usize::try_from(number(end + 16, 4)?).ok()?;
    let mut sum = 0_u64;
    for _ in 0..parts {
        if bytes.get(at..at + 4)? != [0x50, 0x4B, 0x01, 0x02] {
            return None;
        }
        sum += number(at + 24, 4)?;
        let more = number(at + 28, 2)? + number(at + 30, 2)? + number(at + 32, 2)?;
        at += 46 + usize::try_from(more).ok()?;
    }
    Some(sum)
}
