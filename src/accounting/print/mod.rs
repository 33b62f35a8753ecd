//! Documents as PDF, made in this process: text shaped by rustybuzz, pages written by krilla. The same sheet gives the same bytes.

mod block;
mod colour;
mod draw;
mod fonts;
mod layout;
mod parts;
mod qr;
mod studio;
mod table;
pub mod text;

use super::views::sheet::{Sheet, TableSheet};
use studio::Studio;

/// Why a PDF could not be made. None of these can come from what a document says.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// A font of ours can't be read.
    #[error("a font for documents can't be read")]
    Font,
    /// Something has no size.
    #[error("something on a page has no size")]
    Shape,
    /// The writer refused.
    #[error("the PDF can't be written: {0}")]
    Writer(String),
}

/// Documents that become one PDF, added one by one: what a thousand lines look like is not kept any longer than it is drawn.
pub struct Book {
    studio: Studio,
    print: draw::Print,
    about: Option<draw::About>,
}

impl Book {
    /// A PDF without documents.
    ///
    /// # Errors
    /// When our fonts can't be read.
    pub fn new() -> Result<Self, PrintError> {
        let studio = Studio::new()?;
        Ok(Self {
            print: draw::Print::new(studio.setter.fonts()),
            studio,
            about: None,
        })
    }

    /// Adds a document, on a page of its own.
    ///
    /// # Errors
    /// When something on it has no size.
    pub fn add(&mut self, sheet: &Sheet) -> Result<(), PrintError> {
        let pages = layout::sheet(&mut self.studio, sheet);
        self.print.pages(&pages)?;
        self.about.get_or_insert_with(|| draw::About {
            title: format!("{} {}", sheet.title.text, sheet.number),
            company: sheet.head.name.clone(),
            lang: sheet.tongues.first,
            made_at: sheet.made_at,
        });
        Ok(())
    }

    /// The finished PDF.
    ///
    /// # Errors
    /// When the writer refuses.
    pub fn finish(self) -> Result<Vec<u8>, PrintError> {
        self.print.finish(self.about)
    }
}

/// The documents as one PDF, each from a page of its own.
///
/// # Errors
/// When our fonts can't be read or the writer refuses.
pub fn pdf(sheets: &[Sheet]) -> Result<Vec<u8>, PrintError> {
    let mut book = Book::new()?;
    for sheet in sheets {
        book.add(sheet)?;
    }
    book.finish()
}

/// A list as a PDF.
///
/// # Errors
/// When our fonts can't be read or the writer refuses.
pub fn rows_pdf(sheet: &TableSheet) -> Result<Vec<u8>, PrintError> {
    let mut studio = Studio::new()?;
    let mut print = draw::Print::new(studio.setter.fonts());
    let pages = layout::list(&mut studio, sheet);
    print.pages(&pages)?;
    print.finish(Some(draw::About {
        title: format!("{} {}", sheet.title.text, sheet.period),
        company: sheet.head.name.clone(),
        lang: sheet.tongues.first,
        made_at: sheet.made_at,
    }))
}
