//! What was typed about a file: the file itself, and how it is to be read.

use super::importer::{FILL_DOWN, FieldSpec, Heads, OptionSpec, Settings};
use super::read::MOST_COLUMNS;
use crate::kernel::language::Said;
use crate::kernel::text::optional_line;
use crate::web::Remarks;
use serde::Deserialize;

/// A file to be read in, or rows that were pasted.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct FileForm {
    /// Rows, as a spreadsheet puts them on the clipboard.
    pub text: String,
    /// What is wrong.
    #[serde(skip)]
    pub remarks: Remarks,
}

/// How a file is to be read, as typed: pairs, because the fields are the domain's.
#[derive(Clone, Debug, Default)]
pub struct MapForm {
    /// What was typed, as far as it makes sense.
    pub settings: Settings,
    /// Whether every row is to be checked now.
    pub is_check: bool,
    /// What is wrong.
    pub remarks: Remarks,
}

/// `3:2`: the heads end in row 3 and take two rows.
pub fn parse_heads(typed: &str) -> Option<Heads> {
    let (last, rows) = typed.split_once(':')?;
    let heads = Heads {
        last: last.parse().ok()?,
        rows: rows.parse().ok()?,
    };
    let is_none = heads == Heads::default();
    (is_none || (heads.last <= 1_000 && (1..=2).contains(&heads.rows) && heads.rows <= heads.last))
        .then_some(heads)
}

impl MapForm {
    /// Reads the pairs of a form. `current`: how the file was to be read so far.
    pub fn parse(
        pairs: &[(String, String)],
        current: &Settings,
        fields: &'static [FieldSpec],
        options: &'static [OptionSpec],
    ) -> Self {
        let typed = |name: &str| {
            pairs
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.as_str())
        };
        let mut form = Self {
            is_check: typed("op") != Some("preview"),
            ..Self::default()
        };
        let settings = &mut form.settings;
        // Only a workbook has sheets, and no sheet's name holds what can't be printed.
        settings.sheet = typed("sheet")
            .filter(|sheet| !current.sheet.is_empty() && !sheet.chars().any(char::is_control))
            .unwrap_or(&current.sheet)
            .to_owned();
        settings.heads = typed("heads")
            .and_then(parse_heads)
            .unwrap_or(current.heads);
        for field in fields {
            let column = typed(&format!("map_{}", field.name)).unwrap_or("");
            match column.parse::<usize>() {
                Ok(column) if column < MOST_COLUMNS => {
                    settings.columns.insert(field.name.to_owned(), column);
                }
                _ if column.is_empty() => {}
                _ => form
                    .remarks
                    .add(field.name, Said::new("Choose one of the columns.")),
            }
            let or = typed(&format!("or_{}", field.name)).unwrap_or("");
            match optional_line(field.label, or, 400) {
                Ok(Some(value)) if field.has_default => {
                    settings.defaults.insert(field.name.to_owned(), value);
                }
                Ok(_) => {}
                Err(said) => form.remarks.add(field.name, said),
            }
            let has = settings.columns.contains_key(field.name)
                || settings.defaults.contains_key(field.name);
            if field.is_required && !has && form.remarks.is_empty() {
                form.remarks.add(
                    field.name,
                    Said::new("Choose the column that holds this: no row can do without it."),
                );
            }
        }
        for option in options.iter().map(|option| option.name).chain([FILL_DOWN]) {
            if typed(&format!("opt_{option}")).is_some_and(|value| value == "on") {
                settings.options.insert(option.to_owned());
            }
        }
        form
    }
}
