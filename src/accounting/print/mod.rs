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

/// The documents as one PDF, each from a page of its own.
pub fn pdf(sheets: &[Sheet]) -> Result<Vec<u8>, PrintError> {
    let mut studio = Studio::new()?;
    let mut print = draw::Print::new(studio.setter.fonts());
    for sheet in sheets {
        let pages = layout::sheet(&mut studio, sheet);
        print.pages(&pages)?;
    }
    let about = sheets.first().map(|sheet| draw::About {
        title: format!("{} {}", sheet.title.text, sheet.number),
        company: sheet.head.name.clone(),
        lang: sheet.tongues.first,
        made_at: sheet.made_at,
    });
    print.finish(about)
}

/// A list as a PDF.
pub fn table_pdf(sheet: &TableSheet) -> Result<Vec<u8>, PrintError> {
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
