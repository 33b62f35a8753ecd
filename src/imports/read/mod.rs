//! What is in a file: text with separators in whatever encoding, or the sheets of a workbook.

mod book;
mod text;
mod xls;

use crate::kernel::language::Said;
use book::Book;
use text::Text;

/// Rows that are read of one sheet; what a sheet of Excel holds.
pub const MOST_ROWS: usize = 1_048_576;
/// Columns that are read; what lies further right is nobody's catalogue.
pub const MOST_COLUMNS: usize = 200;

/// A row: its number as a spreadsheet counts, and its cells as text.
pub type Row = (u32, Vec<String>);

/// An opened file.
pub enum Source {
    /// Text with separators.
    Text(Text),
    /// A workbook.
    Book(Box<Book>),
}

impl Source {
    /// Looks what it is and opens it.
    ///
    /// # Errors
    /// A sentence for the sender when it can't be read.
    pub fn open(bytes: Vec<u8>) -> Result<Self, Said> {
        const ZIP: &[u8] = b"PK\x03\x04";
        const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];
        if bytes.starts_with(ZIP) || bytes.starts_with(COMPOUND) {
            return Ok(Self::Book(Box::new(Book::open(bytes)?)));
        }
        Ok(Self::Text(Text::open(&bytes)?))
    }

    /// Names of the sheets; none for text.
    pub fn sheets(&self) -> Vec<String> {
        match self {
            Self::Text(_) => Vec::new(),
            Self::Book(book) => book.sheets(),
        }
    }

    /// The sheet that people most likely mean: the one that holds most.
    pub fn likeliest(&mut self) -> String {
        match self {
            Self::Text(_) => String::new(),
            Self::Book(book) => book.likeliest(),
        }
    }

    /// The rows of a sheet that hold anything, from the top.
    ///
    /// # Errors
    /// A sentence for the sender when there is no such sheet, or it can't be read.
    pub fn rows(&mut self, sheet: &str) -> Result<Box<dyn Iterator<Item = Row> + '_>, Said> {
        match self {
            Self::Text(text) => Ok(Box::new(text.rows())),
            Self::Book(book) => Ok(Box::new(book.rows(sheet)?)),
        }
    }
}
