//! The file behind a page: taken in, stored, looked at.

use crate::error::AppError;
use crate::imports::actions::Layout;
use crate::imports::forms::{FileForm, parse_heads};
use crate::imports::importer::{FILL_DOWN, Heads, Importer, Line, Settings};
use crate::imports::model;
use crate::imports::read::{Row, Source};
use crate::imports::rules;
use crate::kernel::ids::FileId;
use crate::kernel::language::Said;
use crate::platform::files::{self, NewFile};
use crate::platform::permissions::{Permission, Role};
use crate::web::Allowed;
use crate::web::uploads::Received;
use chrono::Duration;
use sha2::{Digest, Sha256};
use std::io::Read;

/// Rows from the top that a page looks at.
const LOOKED_AT: usize = 300;
/// Rows of a preview.
const PREVIEWED: usize = 10;

/// What a page sees of a file: its sheets, the first rows of one, and the names of the columns.
pub struct Looked {
    /// Names of the sheets; none for text.
    pub sheets: Vec<String>,
    /// The first rows.
    pub rows: Vec<Row>,
    /// Names of the columns.
    pub columns: Vec<String>,
}

impl Looked {
    pub(super) fn at(source: &mut Source, settings: &Settings) -> Result<Self, Said> {
        let rows: Vec<Row> = source.rows(&settings.sheet)?.take(LOOKED_AT).collect();
        Ok(Self {
            sheets: source.sheets(),
            columns: rules::columns(&rows, settings.heads),
            rows,
        })
    }

    /// The first rows below the heads, as a preview shows them.
    pub(super) fn first_lines<I: Importer>(&self, settings: &Settings) -> Vec<Line> {
        let mut reader = rules::Reader::new(settings, I::fields());
        let rows = self.rows.iter();
        rows.filter_map(|row| reader.line(row))
            .take(PREVIEWED)
            .collect()
    }

    /// What tells files of one layout from others.
    pub(super) fn mark(&self) -> Vec<u8> {
        Sha256::digest(self.columns.join("\u{1F}")).to_vec()
    }

    /// The layout, of whose fields some were not for this role.
    pub(super) fn layout<I: Importer>(&self, settings: &Settings, role: Role) -> Layout {
        Layout {
            mark: self.mark(),
            likely: self.likely::<I>(settings.sheet.clone(), settings.heads),
            withheld: withheld::<I>(role).collect(),
        }
    }

    /// How the file is most likely read, once sheet and heads are known.
    fn likely<I: Importer>(&self, sheet: String, heads: Heads) -> Settings {
        let mut settings = Settings {
            sheet,
            heads,
            ..Settings::default()
        };
        if heads.last > 0 {
            settings.columns = rules::guess_columns(&self.columns, heads, &self.rows, I::fields());
        }
        for field in I::fields().iter().filter(|field| !field.preset.is_empty()) {
            settings
                .defaults
                .insert(field.name.to_owned(), field.preset.to_owned());
        }
        if rules::guess_fill_down(&self.rows, &settings, I::fields()) {
            settings.options.insert(FILL_DOWN.to_owned());
        }
        settings
    }
}

/// How a file is most likely read. `sheet` and `heads`: what somebody has chosen already.
pub(super) fn guess<I: Importer>(
    source: &mut Source,
    sheet: Option<String>,
    heads: Option<&str>,
) -> Result<(Settings, Looked), Said> {
    let sheets = source.sheets();
    let sheet = match sheet {
        Some(sheet) if sheets.contains(&sheet) => sheet,
        _ => source.likeliest(),
    };
    let rows: Vec<Row> = source.rows(&sheet)?.take(LOOKED_AT).collect();
    if rows.is_empty() {
        return Err(Said::new("There are no rows in this file."));
    }
    let heads = heads
        .and_then(parse_heads)
        .unwrap_or_else(|| rules::guess_heads(&rows, I::fields()));
    let looked = Looked {
        sheets,
        columns: rules::columns(&rows, heads),
        rows,
    };
    Ok((looked.likely::<I>(sheet, heads), looked))
}

/// The fields that are not for a role.
fn withheld<I: Importer>(role: Role) -> impl Iterator<Item = &'static str> {
    let fields = I::fields().iter();
    fields
        .filter(move |field| !field.is_for(role))
        .map(|field| field.name)
}

/// What this role may not set is not taken from the file.
pub(super) fn withhold<I: Importer>(settings: &mut Settings, role: Role) {
    for field in withheld::<I>(role) {
        settings.columns.remove(field);
        settings.defaults.remove(field);
    }
}

/// The bytes that were sent, or pasted, and their name.
pub(super) fn received(form: &FileForm, file: Option<Received>) -> Result<(Vec<u8>, String), Said> {
    let Some(mut file) = file else {
        if form.text.trim().is_empty() {
            return Err(Said::new("Choose a file."));
        }
        return Ok((form.text.clone().into_bytes(), "pasted.csv".to_owned()));
    };
    let mut bytes = Vec::new();
    let unreadable = |_| Said::new("This file can't be read. Send it again.");
    file.content()?
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    let name = if file.name.is_empty() {
        "file".to_owned()
    } else {
        file.name.clone()
    };
    Ok((bytes, name))
}

/// A file that lies in the store, with the settings that fit it and what tells its layout.
pub(super) struct Stored {
    pub file: FileId,
    pub name: String,
    pub settings: Settings,
}

pub(super) async fn store<I: Importer>(
    actor: &Allowed<I::Permission>,
    bytes: Vec<u8>,
    name: String,
) -> Result<Result<Stored, Said>, AppError> {
    let member = actor.member();
    actor
        .blocking(move |state, ctx| {
            let guessed = Source::open(bytes.clone())
                .and_then(|mut source| guess::<I>(&mut source, None, None));
            let (settings, looked) = match guessed {
                Ok(guessed) => guessed,
                Err(said) => return Ok(Err(said)),
            };
            let new = NewFile {
                id: FileId::new(),
                name: name.clone(),
                media_type: "application/octet-stream",
                bytes: i64::try_from(bytes.len()).map_err(AppError::internal)?,
                sha256: Sha256::digest(&bytes).to_vec(),
                purpose: "import",
                needs: I::Permission::NAME,
                created_by: None,
                lives: Duration::days(1),
            };
            // Row first, bytes second: what is left of a crash in between is swept away.
            let known = state.db.write(&member, &ctx.meter, |scope| {
                files::add(scope, &new)?;
                model::remembered(scope, I::KIND.code, &looked.mark())
            })?;
            state
                .files
                .put(member.tenant(), new.id, &mut bytes.as_slice())?;
            let settings = match known {
                // The file's own sheet and heads: only the choices are remembered.
                Some(known) => Settings {
                    sheet: settings.sheet,
                    heads: settings.heads,
                    ..known
                },
                None => settings,
            };
            Ok(Ok(Stored {
                file: new.id,
                name,
                settings,
            }))
        })
        .await
}

/// An import's file, opened.
pub(super) async fn opened<I: Importer, T: Send + 'static>(
    actor: &Allowed<I::Permission>,
    file: FileId,
    work: impl FnOnce(&mut Source) -> Result<T, Said> + Send + 'static,
) -> Result<T, AppError> {
    let tenant = actor.member().tenant();
    actor
        .blocking(move |state, _| {
            let bytes = state.files.whole(tenant, file)?;
            Source::open(bytes)
                .and_then(|mut source| work(&mut source))
                .map_err(AppError::refused)
        })
        .await
}
