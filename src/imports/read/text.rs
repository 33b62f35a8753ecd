//! Text with separators.

use super::{MOST_COLUMNS, MOST_ROWS, Row};
use crate::kernel::language::Said;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// Signs that separate cells, the likeliest first.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Rows that are looked at to find out which.
const LOOK: usize = 60;

/// A text file, decoded.
pub struct Text {
    text: String,
    separator: u8,
}

impl Text {
    /// Decodes it: a byte-order mark says how; else UTF-8 if it is that; else Windows-1252, which holds Latin-1.
    pub fn open(bytes: &[u8]) -> Result<Self, Said> {
        let encoding = match Encoding::for_bom(bytes) {
            Some((encoding, _)) => encoding,
            None if std::str::from_utf8(bytes).is_ok() => UTF_8,
            None => WINDOWS_1252,
        };
        let (text, _, _) = encoding.decode(bytes);
        // A picture or a program is text in Windows-1252, too, but no text holds this.
        if text.contains('\0') {
            return Err(Said::new(
                "This is neither text nor a workbook. Save it as CSV, XLSX or XLS and send it again.",
            ));
        }
        let text = text.into_owned();
        let separator = separator(&text);
        Ok(Self { text, separator })
    }

    /// The rows that hold anything.
    pub fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        records(&self.text, self.separator)
            .take(MOST_ROWS)
            .filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()))
    }
}

fn records(text: &str, separator: u8) -> impl Iterator<Item = Row> + '_ {
    let reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut number = 0_u32;
    // What was decoded is UTF-8, and any number of cells will do: no record fails.
    reader
        .into_records()
        .map_while(Result::ok)
        .map(move |record| {
            let start = record.position().map_or(0, |at| at.byte());
            number += 1 + blank_lines(text, usize::try_from(start).unwrap_or(usize::MAX));
            let cells = record
                .iter()
                .take(MOST_COLUMNS)
                .map(str::to_owned)
                .collect();
            (number, cells)
        })
}

/// How many lines without anything the reader steps over before a record: a spreadsheet counts them as rows.
fn blank_lines(text: &str, start: usize) -> u32 {
    let (before, rest) = text.split_at_checked(start).unwrap_or((text, ""));
    // The record before may have ended in the middle of a line's end.
    let rest = match rest.strip_prefix('\n') {
        Some(after) if before.ends_with('\r') => after,
        _ => rest,
    };
    let ends = &rest[..rest.len() - rest.trim_start_matches(['\r', '\n']).len()];
    let count = ends.matches('\n').count() + ends.replace("\r\n", "").matches('\r').count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The sign that cuts most rows into the same number of cells.
fn separator(text: &str) -> u8 {
    let fit = |separator: u8| {
        let widths: Vec<usize> = records(text, separator)
            .take(LOOK)
            .map(|(_, cells)| cells.len())
            .collect();
        let widest = |width: usize| widths.iter().filter(|other| **other == width).count();
        widths
            .iter()
            .filter(|width| **width > 1)
            .map(|width| (widest(*width), *width))
            .max()
            .unwrap_or((0, 0))
    };
    let mut best = (SEPARATORS[0], (0, 0));
    for separator in SEPARATORS {
        let found = fit(separator);
        if found > best.1 {
            best = (separator, found);
        }
    }
    best.0
}
