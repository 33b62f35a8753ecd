//! Workbooks: XLSX and XLS. A formula counts as the value that was saved with it.
//!
//! A file of some kilobytes can claim, or unpack to, more than a machine holds. So nothing is believed that a file says of its own sizes, rows come one
//! after the other instead of being collected, and what can't be avoided in memory (the texts that cells share) has an end.

mod packed;

use super::xls::{self, Xls};
use super::{MOST_COLUMNS, MOST_ROWS, Row};
use crate::kernel::language::Said;
use crate::kernel::number;
use calamine::{Data, DataRef, Reader, Xlsx, XlsxCellReader};
use rust_decimal::Decimal;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

/// Cells that are read of one sheet.
const MOST_CELLS: usize = 6_000_000;
/// Places of a sheet, each row as wide as its last cell.
const MOST_PLACES: usize = 20_000_000;
/// Text that so many rows in succession may hold, in bytes: a job takes them together, and cells that share a text each get their own.
const MOST_TEXT: (usize, usize) = (1_000, 16_000_000);
/// Sheets that are looked at to find the likeliest, and rows of each.
const LOOKED_AT: (usize, usize) = (20, 300);

/// Workbooks are opened and measured one at a time, as pictures are: many at once would take all the memory there is.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A workbook.
pub struct Book {
    format: Format,
    /// Sheets that were read to the end and are within all limits.
    measured: Vec<String>,
}

enum Format {
    /// Since 2007.
    Xlsx(Box<Xlsx<Cursor<Vec<u8>>>>),
    /// Before.
    Xls(Xls),
}

pub(super) fn unreadable() -> Said {
    Said::new("This workbook can't be read. Open it, save it as XLSX or CSV, and send it again.")
}

pub(super) fn too_large() -> Said {
    Said::new(
        "This workbook is too large once it is unpacked. Save the sheet as CSV and send that.",
    )
}

fn too_much() -> Said {
    Said::new("This sheet holds too much for one import. Split it into several files.")
}

/// Nobody else's turn meanwhile; and what stumbles over a damaged file says so instead of taking the request with it.
fn in_turn<T>(work: impl FnOnce() -> Result<T, Said>) -> Result<T, Said> {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(unreadable()))
}

impl Book {
    /// Opens it.
    pub fn open(bytes: Vec<u8>) -> Result<Self, Said> {
        let format = in_turn(move || {
            if !bytes.starts_with(b"PK") {
                return Xls::open(&bytes).map(Format::Xls);
            }
            let safe = packed::measured(&bytes)?;
            drop(bytes);
            Xlsx::new(Cursor::new(safe))
                .map(|book| Format::Xlsx(Box::new(book)))
                .map_err(|_| unreadable())
        })?;
        Ok(Self {
            format,
            measured: Vec::new(),
        })
    }

    /// Names of its sheets.
    pub fn sheets(&self) -> Vec<String> {
        match &self.format {
            Format::Xlsx(book) => book.sheet_names(),
            Format::Xls(book) => book.sheets(),
        }
    }

    /// The sheet whose first rows have the most filled cells; the first of several. Prose has many rows and few columns.
    pub fn likeliest(&mut self) -> String {
        let sheets = self.sheets();
        let first = sheets.first().cloned().unwrap_or_default();
        let weigh = || {
            let mut best = (0, first.clone());
            for sheet in sheets.into_iter().take(LOOKED_AT.0) {
                let filled = |(_, cells): Row| cells.iter().filter(|cell| !cell.is_empty()).count();
                let Ok(rows) = self.read(&sheet) else {
                    continue;
                };
                let weight = rows
                    .map_while(Result::ok)
                    .take(LOOKED_AT.1)
                    .map(filled)
                    .sum();
                if weight > best.0 {
                    best = (weight, sheet);
                }
            }
            Ok(best.1)
        };
        in_turn(weigh).unwrap_or(first)
    }

    /// The rows of a sheet that hold anything.
    pub fn rows(&mut self, sheet: &str) -> Result<impl Iterator<Item = Row> + '_, Said> {
        if !self.sheets().iter().any(|known| known == sheet) {
            return Err(
                Said::new("The workbook has no sheet {sheet}.").with("sheet", sheet.to_owned())
            );
        }
        if !self.measured.iter().any(|known| known == sheet) {
            // Once to the end: whoever asks for rows hears of a fault before the first one, not in the middle.
            in_turn(|| self.read(sheet)?.try_for_each(|row| row.map(drop)))?;
            self.measured.push(sheet.to_owned());
        }
        Ok(self.read(sheet)?.map_while(Result::ok))
    }

    fn read(&mut self, sheet: &str) -> Result<Rows<'_>, Said> {
        let cells = match &mut self.format {
            Format::Xlsx(book) => Cells::Xlsx(Box::new(
                book.worksheet_cells_reader(sheet)
                    .map_err(|_| unreadable())?,
            )),
            Format::Xls(book) => Cells::Xls(book.cells(sheet)?),
        };
        Ok(Rows {
            cells,
            begun: None,
            is_over: false,
            used: Used::default(),
        })
    }
}

/// Cells of a sheet, one after the other.
enum Cells<'a> {
    Xlsx(Box<XlsxCellReader<'a, Cursor<Vec<u8>>>>),
    Xls(xls::Cells<'a>),
}

impl Cells<'_> {
    /// Row, column and text of the next.
    fn next(&mut self) -> Result<Option<(u32, usize, String)>, Said> {
        match self {
            Self::Xlsx(cells) => {
                let Some(cell) = cells.next_cell().map_err(|_| unreadable())? else {
                    return Ok(None);
                };
                let (row, column) = cell.get_position();
                let column = usize::try_from(column).unwrap_or(usize::MAX);
                let text = if column < MOST_COLUMNS {
                    of_ref(cell.get_value())
                } else {
                    String::new()
                };
                Ok(Some((row, column, text)))
            }
            Self::Xls(cells) => Ok(cells.next()),
        }
    }
}

/// What a sheet has taken so far.
#[derive(Default)]
struct Used {
    cells: usize,
    rows: usize,
    places: usize,
    text: usize,
}

impl Used {
    fn cell(&mut self, text: &str) -> Result<(), Said> {
        self.cells += 1;
        self.text += text.len();
        if self.cells > MOST_CELLS || self.text > MOST_TEXT.1 {
            return Err(too_much());
        }
        Ok(())
    }

    fn row(&mut self, cells: &[String]) -> Result<(), Said> {
        self.rows += 1;
        self.places += cells.len();
        if self.rows.is_multiple_of(MOST_TEXT.0) {
            self.text = 0;
        }
        if self.places > MOST_PLACES {
            return Err(too_much());
        }
        Ok(())
    }
}

/// Rows of a sheet, one after the other. Cells come row by row; one that is out of order or too far out is left.
struct Rows<'a> {
    cells: Cells<'a>,
    /// The row that the last cell belongs to.
    begun: Option<Row>,
    is_over: bool,
    used: Used,
}

impl Rows<'_> {
    /// The next row, filled or not.
    fn whole(&mut self) -> Result<Option<Row>, Said> {
        while let Some((row, column, text)) = self.cells.next()? {
            self.used.cell(&text)?;
            if text.is_empty() || column >= MOST_COLUMNS {
                continue;
            }
            let number = row.saturating_add(1);
            match &mut self.begun {
                Some((begun, cells)) if *begun == number => place(cells, column, text),
                Some((begun, _)) if *begun > number => {}
                begun => {
                    let mut cells = Vec::new();
                    place(&mut cells, column, text);
                    if let Some(done) = begun.replace((number, cells)) {
                        self.used.row(&done.1)?;
                        return Ok(Some(done));
                    }
                }
            }
        }
        self.is_over = true;
        let Some(done) = self.begun.take() else {
            return Ok(None);
        };
        self.used.row(&done.1)?;
        Ok(Some(done))
    }
}

fn place(cells: &mut Vec<String>, column: usize, text: String) {
    if cells.len() <= column {
        cells.resize(column + 1, String::new());
    }
    cells[column] = text;
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, Said>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_over && self.used.rows < MOST_ROWS {
            match self.whole() {
                Ok(Some(row)) if row.1.iter().all(|cell| cell.trim().is_empty()) => {}
                Ok(row) => return row.map(Ok),
                Err(said) => {
                    self.is_over = true;
                    return Some(Err(said));
                }
            }
        }
        None
    }
}

pub(super) fn figure(value: f64) -> String {
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
