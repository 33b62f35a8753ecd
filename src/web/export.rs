//! Lists as files: what the filter shows, for a spreadsheet.

use crate::error::AppError;
use actix_web::HttpResponse;
use rust_xlsxwriter::{Format, Workbook};

/// A table to be written: heads and rows of text.
pub struct Sheet {
    /// Name of the file without its ending.
    pub name: &'static str,
    /// Heads of the columns.
    pub heads: Vec<String>,
    /// Rows, each as wide as the heads.
    pub rows: Vec<Vec<String>>,
}

/// A cell that a spreadsheet would run as a formula is marked as text.
fn safe(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

impl Sheet {
    /// The table as CSV (`format=csv`, with a byte-order mark, so that Excel reads UTF-8) or XLSX (`format=xlsx`).
    ///
    /// # Errors
    /// When it can't be written.
    pub fn answer(&self, format: Option<&str>) -> Result<HttpResponse, AppError> {
        let (bytes, media_type, ending) = if format == Some("xlsx") {
            (
                self.xlsx()?,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "xlsx",
            )
        } else {
            (self.csv()?, "text/csv; charset=utf-8", "csv")
        };
        Ok(HttpResponse::Ok()
            .content_type(media_type)
            .insert_header((
                "Content-Disposition",
                format!("attachment; filename=\"{}.{ending}\"", self.name),
            ))
            .insert_header(("Cache-Control", "private, no-store"))
            .body(bytes))
    }

    fn csv(&self) -> Result<Vec<u8>, AppError> {
        let mut writer = csv::Writer::from_writer(b"\xEF\xBB\xBF".to_vec());
        writer
            .write_record(&self.heads)
            .map_err(AppError::internal)?;
        for row in &self.rows {
            writer
                .write_record(row.iter().map(|cell| safe(cell)))
                .map_err(AppError::internal)?;
        }
        writer
            .into_inner()
            .map_err(|error| AppError::internal(error.to_string()))
    }

    fn xlsx(&self) -> Result<Vec<u8>, AppError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let bold = Format::new().set_bold();
        for (column, head) in (0_u16..).zip(&self.heads) {
            sheet
                .write_string_with_format(0, column, head, &bold)
                .map_err(AppError::internal)?;
        }
        for (line, row) in (1_u32..).zip(&self.rows) {
            for (column, cell) in (0_u16..).zip(row) {
                // Written as text, so nothing is run, whatever it begins with.
                sheet
                    .write_string(line, column, cell)
                    .map_err(AppError::internal)?;
            }
        }
        sheet.autofit();
        book.save_to_buffer().map_err(AppError::internal)
    }
}
