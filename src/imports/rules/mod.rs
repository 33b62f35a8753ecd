//! What a file most likely means: where its heads are, which column is which field, which sign is part of a number.

mod names;

pub use names::guess_columns;

use super::importer::{FieldSpec, Heads, Line, Settings};
use super::read::Row;
use crate::kernel::language::Said;
use crate::kernel::number;
use names::Names;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// Rows from the top in which heads are looked for.
pub const LOOK: usize = 25;
/// Longest head of a column that is shown.
const HEAD: usize = 60;

/// A cell as it counts: no marks that can't be seen, every kind of space one space, line ends kept, no space at either end. The sign that our
/// own files put before what a spreadsheet would take for a formula is not part of it, so that refused rows can be mended and sent again.
pub fn clean(cell: &str) -> String {
    let cell = match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => cell,
    };
    let mut text = String::with_capacity(cell.len());
    let mut gap = false;
    for c in cell.chars() {
        let is_invisible = matches!(c, '\u{FEFF}' | '\u{200B}' | '\u{00AD}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}' | '\u{FFFF}');
        if is_invisible {
            continue;
        }
        if c == '\n' {
            text.truncate(text.trim_end_matches(' ').len());
            if !text.is_empty() {
                text.push('\n');
            }
            gap = false;
        } else if c.is_whitespace() || c.is_control() {
            gap = true;
        } else {
            if gap && !text.is_empty() && !text.ends_with('\n') {
                text.push(' ');
            }
            gap = false;
            text.push(c);
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// The same in one line.
pub fn one_line(cell: &str) -> String {
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A number as price lists write it: ₹, Rs and /- are left away.
///
/// # Errors
/// The reason in words; a formula that was saved as text has one of its own.
pub fn figure(cell: &str) -> Result<Decimal, Said> {
    if cell.starts_with('=') {
        return Err(
            Said::new("{value} is a formula, not a number. Save the file with values.")
                .with("value", short(cell)),
        );
    }
    if cell.ends_with('%') {
        return Err(Said::new("{value} is a percentage, not an amount.").with("value", short(cell)));
    }
    let mut bare = cell.trim();
    for start in ["Rs.", "Rs", "RS.", "RS", "rs.", "rs", "INR", "₹"] {
        bare = bare.strip_prefix(start).unwrap_or(bare).trim_start();
    }
    for end in ["/-", "/=", "INR", "Rs.", "Rs"] {
        bare = bare.strip_suffix(end).unwrap_or(bare).trim_end();
    }
    number::parse(bare)
        .map_err(|_| Said::new("{value} is not a number.").with("value", short(cell)))
}

/// What a remark can show of a cell.
pub fn short(cell: &str) -> String {
    let line = one_line(cell);
    if line.chars().count() <= 40 {
        return line;
    }
    let start: String = line.chars().take(39).collect();
    format!("{start}…")
}

fn is_figure(cell: &str) -> bool {
    figure(&clean(cell)).is_ok()
}

/// Where the heads stand: the row that names most fields; else a first row of words above rows with figures; else there are none.
pub fn guess_heads(rows: &[Row], fields: &'static [FieldSpec]) -> Heads {
    let filled = |row: &Row| row.1.iter().filter(|cell| !clean(cell).is_empty()).count();
    let known = Names::of(fields);
    let named = |row: &Row| row.1.iter().filter(|cell| known.has(cell)).count();
    let best = rows
        .iter()
        .take(LOOK)
        .enumerate()
        .max_by_key(|(place, row)| (named(row), std::cmp::Reverse(*place)));
    let Some((place, row)) = best else {
        return Heads::default();
    };
    // One word that happens to be a field's name makes no head among rows of figures.
    let is_head = |row: &Row| !row.1.iter().any(|cell| is_figure(cell));
    if named(row) > 0 && is_head(row) {
        let above = place.checked_sub(1).and_then(|above| rows.get(above));
        let is_double = above.is_some_and(|above| {
            above.0 + 1 == row.0 && filled(above) > 1 && named(above) == 0 && is_head(above)
        });
        return Heads {
            last: row.0,
            rows: 1 + u32::from(is_double),
        };
    }
    let first = rows.first();
    let has_figures = rows
        .iter()
        .skip(1)
        .take(LOOK)
        .any(|row| row.1.iter().any(|cell| is_figure(cell)));
    match first {
        Some(first) if is_head(first) && filled(first) > 1 && has_figures => Heads {
            last: first.0,
            rows: 1,
        },
        _ => Heads::default(),
    }
}

/// The name of a column without a head, as spreadsheets letter it.
fn letters(column: usize) -> String {
    let mut left = column + 1;
    let mut name = Vec::new();
    while left > 0 {
        left -= 1;
        name.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    name.iter().rev().collect()
}

/// Names of the columns. A head of several rows is read downwards; one that was merged over columns counts for each of them.
pub fn columns(rows: &[Row], heads: Heads) -> Vec<String> {
    let width = rows
        .iter()
        .map(|(_, cells)| cells.len())
        .max()
        .unwrap_or_default();
    let first = heads.last.saturating_sub(heads.rows.saturating_sub(1));
    let mut names = vec![Vec::<String>::new(); width];
    for (number, cells) in rows
        .iter()
        .filter(|(number, _)| heads.last > 0 && (first..=heads.last).contains(number))
    {
        let mut carried = String::new();
        for (column, name) in names.iter_mut().enumerate() {
            let cell = cells
                .get(column)
                .map(|cell| one_line(&clean(cell)))
                .unwrap_or_default();
            if *number < heads.last {
                if !cell.is_empty() {
                    carried.clone_from(&cell);
                }
                if !carried.is_empty() {
                    name.push(carried.clone());
                }
            } else if !cell.is_empty() {
                name.push(cell);
            }
        }
    }
    names
        .into_iter()
        .enumerate()
        .map(|(column, name)| {
            let name: String = name.join(" ").chars().take(HEAD).collect();
            if name.is_empty() {
                letters(column)
            } else {
                name
            }
        })
        .collect()
}

/// How files of a layout are read from now on: as somebody has chosen it; the fields that were not theirs to choose as it was known before,
/// unless their column has become another field.
pub fn remembered(chosen: &Settings, known: &Settings, withheld: &[&str]) -> Settings {
    let mut kept = chosen.clone();
    for field in withheld.iter().copied() {
        let column = known.columns.get(field);
        let is_free = |column: &&usize| !kept.columns.values().any(|taken| taken == *column);
        if let Some(column) = column.filter(is_free) {
            kept.columns.insert(field.to_owned(), *column);
        }
        if let Some(value) = known.defaults.get(field) {
            kept.defaults.insert(field.to_owned(), value.clone());
        }
    }
    kept
}

/// Whether rows go on with blank cells where the row above has the value: some have nothing of what the row above has said, and yet something
/// of their own. A code alone does not say so: a price list names what is there by its code.
pub fn guess_fill_down(rows: &[Row], settings: &Settings, fields: &[FieldSpec]) -> bool {
    let columns = |of: fn(&FieldSpec) -> bool| -> Vec<usize> {
        fields
            .iter()
            .filter(|field| of(field))
            .filter_map(|field| settings.columns.get(field.name).copied())
            .collect()
    };
    let (above, own) = (
        columns(|field| field.fills_down),
        columns(|field| !field.fills_down),
    );
    let (codes, parts) = (columns(|field| field.finds), columns(|field| field.goes_on));
    let has = |cells: &[String], columns: &[usize]| {
        columns
            .iter()
            .filter_map(|column| cells.get(*column))
            .any(|cell| !clean(cell).is_empty())
    };
    !above.is_empty()
        && rows
            .iter()
            .filter(|(number, _)| *number > settings.heads.last)
            .skip(1)
            .filter(|(_, cells)| !has(cells, &codes) || has(cells, &parts))
            .any(|(_, cells)| !has(cells, &above) && has(cells, &own))
}

/// Turns rows into lines, one by one: it remembers the row above.
pub struct Reader<'s> {
    settings: &'s Settings,
    fields: &'static [FieldSpec],
    above: BTreeMap<&'static str, String>,
}

impl<'s> Reader<'s> {
    /// At the top of the file.
    pub fn new(settings: &'s Settings, fields: &'static [FieldSpec]) -> Self {
        Self {
            settings,
            fields,
            above: BTreeMap::new(),
        }
    }

    /// The line of a row; nothing for heads and for what is above them.
    pub fn line(&mut self, (number, row): &Row) -> Option<Line> {
        if *number <= self.settings.heads.last {
            return None;
        }
        let mut cells = BTreeMap::new();
        for field in self.fields {
            let column = self.settings.columns.get(field.name);
            let cell = column.and_then(|column| row.get(*column));
            let text = cell.map(|cell| clean(cell)).unwrap_or_default();
            if !text.is_empty() {
                cells.insert(field.name, text);
            }
        }
        let own: BTreeSet<_> = cells.keys().copied().collect();
        if self.settings.fills_down() {
            self.fill_down(&mut cells);
        }
        let filled = cells.keys().copied().filter(|field| !own.contains(field));
        Some(Line {
            number: *number,
            filled: filled.collect(),
            cells,
        })
    }

    fn fill_down(&mut self, cells: &mut BTreeMap<&'static str, String>) {
        let leads = self
            .fields
            .iter()
            .filter(|field| field.is_required && field.fills_down)
            .all(|field| cells.contains_key(field.name));
        if leads {
            let carried: Vec<_> = self
                .fields
                .iter()
                .filter(|field| field.carries_on)
                .collect();
            if !carried.iter().any(|field| cells.contains_key(field.name)) {
                for field in carried {
                    if let Some(text) = self.above.get(field.name) {
                        cells.insert(field.name, text.clone());
                    }
                }
            }
            self.above = self
                .fields
                .iter()
                .filter(|field| field.fills_down)
                .filter_map(|field| Some((field.name, cells.get(field.name)?.clone())))
                .collect();
        } else if !cells.is_empty() {
            for (field, text) in &self.above {
                cells.entry(field).or_insert_with(|| text.clone());
            }
        }
    }
}
