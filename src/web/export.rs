//! Lists as files: what the filter shows, for a spreadsheet.

use crate::error::AppError;
use actix_web::HttpResponse;
use rust_decimal::Decimal;
use rust_xlsxwriter::{Format as CellFormat, Workbook};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// Characters that a cell of a workbook holds.
const CELL: usize = 32_000;

/// Which kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated, with a byte-order mark, so that Excel reads UTF-8.
    Csv,
    /// Excel's own.
    Xlsx,
}

impl Format {
    /// As the address says it; CSV unless it says `xlsx`.
    pub fn from_code(code: Option<&str>) -> Self {
        if code == Some("xlsx") {
            Self::Xlsx
        } else {
            Self::Csv
        }
    }

    /// As the address says it, and as file names end.
    pub fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// Media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// A cell that a spreadsheet would run as a formula is marked as text; a figure below zero stays one.
fn safe(cell: &str) -> String {
    let is_figure = cell.strip_prefix('-').is_some_and(|rest| {
        rest.parse::<Decimal>()
            .is_ok_and(|figure| figure >= Decimal::ZERO)
    });
    if !is_figure && cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// A cell that can be added up: written as a number is written, with no more digits than a sheet keeps. What begins with a zero is a code.
fn figure(cell: &str) -> Option<f64> {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let (whole, places) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_figure = all_digits(whole)
        && all_digits(places)
        && whole.len() + places.len() <= 15
        && (whole == "0" || !whole.starts_with('0'));
    is_figure.then(|| cell.parse().ok()).flatten()
}

/// A table being written, row by row, into a temporary file: a million rows take little memory.
pub struct Writer {
    kind: Kind,
    rows: u32,
}

enum Kind {
    Csv(Box<csv::Writer<File>>),
    Xlsx(Box<Workbook>),
}

impl Writer {
    /// An empty table with heads.
    ///
    /// # Errors
    /// When the temporary file can't be made.
    pub fn new(format: Format, heads: &[String]) -> Result<Self, AppError> {
        let kind = match format {
            Format::Csv => {
                let mut file = tempfile::tempfile().map_err(AppError::internal)?;
                std::io::Write::write_all(&mut file, b"\xEF\xBB\xBF")
                    .map_err(AppError::internal)?;
                let mut writer = csv::Writer::from_writer(file);
                writer.write_record(heads).map_err(AppError::internal)?;
                Kind::Csv(Box::new(writer))
            }
            Format::Xlsx => {
                let mut book = Workbook::new();
                let sheet = book
                    .add_worksheet_with_constant_memory()
                    .map_err(AppError::internal)?;
                let bold = CellFormat::new().set_bold();
                for (column, head) in (0_u16..).zip(heads) {
                    sheet
                        .set_column_width(column, 24)
                        .map_err(AppError::internal)?
                        .write_string_with_format(0, column, head, &bold)
                        .map_err(AppError::internal)?;
                }
                Kind::Xlsx(Box::new(book))
            }
        };
        Ok(Self { kind, rows: 0 })
    }

    /// The next row, as wide as the heads.
    ///
    /// # Errors
    /// When it can't be written: a full disk, or more rows than a sheet holds (1,048,575).
    pub fn push(&mut self, row: &[String]) -> Result<(), AppError> {
        self.rows += 1;
        match &mut self.kind {
            Kind::Csv(writer) => writer
                .write_record(row.iter().map(|cell| safe(cell)))
                .map_err(AppError::internal),
            Kind::Xlsx(book) => {
                let sheet = book.worksheet_from_index(0).map_err(AppError::internal)?;
                for (column, cell) in (0_u16..).zip(row) {
                    if let Some(figure) = figure(cell) {
                        sheet
                            .write_number(self.rows, column, figure)
                            .map_err(AppError::internal)?;
                        continue;
                    }
                    // Written as text, so nothing is run, whatever it begins with.
                    let end = cell
                        .char_indices()
                        .nth(CELL)
                        .map_or(cell.len(), |(at, _)| at);
                    sheet
                        .write_string(self.rows, column, cell.get(..end).unwrap_or(cell))
                        .map_err(AppError::internal)?;
                }
                Ok(())
            }
        }
    }

    /// The finished file, at its beginning.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn finish(self) -> Result<File, AppError> {
        let mut file = match self.kind {
            Kind::Csv(writer) => writer
                .into_inner()
                .map_err(|error| AppError::internal(error.to_string()))?,
            Kind::Xlsx(mut book) => {
                let mut file = tempfile::tempfile().map_err(AppError::internal)?;
                book.save_to_writer(&mut file).map_err(AppError::internal)?;
                file
            }
        };
        file.seek(SeekFrom::Start(0)).map_err(AppError::internal)?;
        Ok(file)
    }
}

/// A small table to be answered at once: heads and rows of text.
pub struct Sheet {
    /// Name of the file without its ending.
    pub name: &'static str,
    /// Heads of the columns.
    pub heads: Vec<String>,
    /// Rows, each as wide as the heads.
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    /// The table as CSV (`format=csv`) or XLSX (`format=xlsx`).
    ///
    /// # Errors
    /// When it can't be written.
    pub fn answer(&self, format: Option<&str>) -> Result<HttpResponse, AppError> {
        let format = Format::from_code(format);
        let mut writer = Writer::new(format, &self.heads)?;
        for row in &self.rows {
            writer.push(row)?;
        }
        let mut bytes = Vec::new();
        writer
            .finish()?
            .read_to_end(&mut bytes)
            .map_err(AppError::internal)?;
        Ok(HttpResponse::Ok()
            .content_type(format.media_type())
            .insert_header((
                "Content-Disposition",
                format!("attachment; filename=\"{}.{}\"", self.name, format.code()),
            ))
            .insert_header(("Cache-Control", "private, no-store"))
            .body(bytes))
    }
}
