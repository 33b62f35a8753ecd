//! What the demo's suppliers sell: read from their catalogue files by the product import itself.

use crate::app::imports::OurBooks;
use crate::error::AppError;
use crate::imports::importer::{Heads, Importer, Line, Mode, Outcome, Run, Settings};
use crate::platform::db::Scope;
use crate::products::import::ProductImport;

/// The goods of Annapurna Foods, a grocer.
pub const ANNAPURNA: &str = include_str!("../../../demo/annapurna/products.csv");
/// The goods of Vindhya Hardware.
pub const VINDHYA: &str = include_str!("../../../demo/vindhya/products.csv");

/// Brings a catalogue in: products, categories, standard prices, opening stock.
///
/// # Errors
/// When the database refuses, or the catalogue is wrong.
pub fn load(scope: &mut Scope, csv: &str) -> Result<(), AppError> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let heads = reader.headers().map_err(AppError::internal)?.clone();
    let fields = ProductImport::<OurBooks>::fields();
    let mut lines = Vec::new();
    for (number, row) in (2..).zip(reader.records()) {
        let row = row.map_err(AppError::internal)?;
        let cells = heads
            .iter()
            .zip(row.iter())
            .filter_map(|(head, cell)| {
                let field = fields.iter().find(|field| {
                    let plain = head.replace('_', "");
                    field.name == head || field.synonyms.contains(&plain.as_str())
                })?;
                (!cell.is_empty()).then(|| (field.name, cell.to_owned()))
            })
            .collect();
        lines.push(Line {
            number,
            cells,
            ..Line::default()
        });
    }
    let settings = Settings {
        heads: Heads { last: 1, rows: 1 },
        ..Settings::default()
    };
    let run = Run {
        import: None,
        settings: &settings,
        mode: Mode::Write,
    };
    let outcomes = ProductImport::<OurBooks>::batch(scope, &run, &lines, &mut Default::default())?;
    let wrong = outcomes.iter().find_map(|outcome| match outcome {
        Outcome::Created | Outcome::Warned { is_new: true, .. } => None,
        Outcome::Merged(said)
        | Outcome::Kept(said)
        | Outcome::Warned { said, .. }
        | Outcome::Refused(said) => Some(said.to_string()),
    });
    wrong.map_or(Ok(()), |said| Err(AppError::internal(said)))
}
