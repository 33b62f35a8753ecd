//! Handlers of imports, the same for every kind.

use super::actions;
use super::forms::{FileForm, MapForm, parse_heads};
use super::importer::{FILL_DOWN, Importer, Kind, Settings};
use super::model::{self, Import, JobState};
use super::read::{Row, Source};
use super::rules;
use super::views::{ImportPage, ImportsPage, MapPage, NewImportPage, TOLD};
use crate::error::AppError;
use crate::kernel::ids::{FileId, ImportId};
use crate::kernel::language::{Said, text};
use crate::platform::files::{self, NewFile};
use crate::platform::permissions::{Permission, ReadDownloads, role_has};
use crate::web::allowed::Employee;
use crate::web::export::{Format, Writer};
use crate::web::forms::Nothing;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::uploads::{Received, Upload, size};
use crate::web::{Allowed, Form};
use actix_web::{HttpResponse, web};
use chrono::Duration;
use sha2::{Digest, Sha256};
use std::io::Read;

/// Rows from the top that a page looks at.
const LOOKED_AT: usize = 300;

/// Every kind of import, for the list of all.
const KINDS: [(&str, &str, &str, &str, &str); 2] = [
    (
        "products",
        "/products/import",
        "/products",
        "products.edit",
        text!("Products"),
    ),
    (
        "stock",
        "/stock/import",
        "/stock",
        "stock.edit",
        text!("Stock"),
    ),
];

fn kinds(pass: &Employee) -> Vec<Kind> {
    KINDS
        .iter()
        .filter(|(.., needs, _)| role_has(pass.company.role, needs))
        .map(|(code, path, list, needs, list_label)| Kind {
            code,
            path,
            list,
            needs,
            check: "",
            apply: "",
            title: "",
            about: "",
            list_label,
        })
        .collect()
}

pub async fn index(actor: Allowed<ReadDownloads>, query: ListQuery) -> Answer {
    let kinds = kinds(&actor.pass);
    let (codes, wanted) = (kinds.iter().map(|kind| kind.code).collect(), query.clone());
    let found = actor
        .read(move |scope| Import::list(scope, codes, &wanted))
        .await?;
    let view = ImportsPage::new(
        actor.shell(actor.lang().t("Imports")),
        actor.lang(),
        (&actor.pass.base(), &query),
        &kinds,
        found,
    );
    page::show(&actor.ctx, &view)
}

async fn new_page<I: Importer>(
    actor: &Allowed<I::Permission>,
    form: &FileForm,
) -> Result<NewImportPage, AppError> {
    let latest = actor
        .read(|scope| Import::latest(scope, I::KIND.code, 5))
        .await?;
    let pass: &Employee = &actor.pass;
    Ok(NewImportPage::new::<I>(
        actor.shell(actor.lang().t(I::KIND.title)),
        actor.lang(),
        (
            &pass.base(),
            &size(actor.state().config.upload_limit as u64),
        ),
        form,
        latest,
    ))
}

pub async fn new<I: Importer>(actor: Allowed<I::Permission>) -> Answer {
    let view = new_page::<I>(&actor, &FileForm::default()).await?;
    page::show(&actor.ctx, &view)
}

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
    fn at(source: &mut Source, settings: &Settings) -> Result<Self, Said> {
        let rows: Vec<Row> = source.rows(&settings.sheet)?.take(LOOKED_AT).collect();
        Ok(Self {
            sheets: source.sheets(),
            columns: rules::columns(&rows, settings.heads),
            rows,
        })
    }

    /// What tells files of one layout from others.
    fn layout(&self) -> Vec<u8> {
        Sha256::digest(self.columns.join("\u{1F}")).to_vec()
    }
}

/// How a file is most likely read. `sheet` and `heads`: what somebody has chosen already.
fn guess<I: Importer>(
    source: &mut Source,
    sheet: Option<String>,
    heads: Option<&str>,
) -> Result<(Settings, Looked), Said> {
    let known = source.sheets();
    let mut settings = Settings {
        sheet: match sheet {
            Some(sheet) if known.contains(&sheet) => sheet,
            _ => source.likeliest(),
        },
        ..Settings::default()
    };
    let rows: Vec<Row> = source.rows(&settings.sheet)?.take(LOOKED_AT).collect();
    if rows.is_empty() {
        return Err(Said::new("There are no rows in this file."));
    }
    settings.heads = heads
        .and_then(parse_heads)
        .unwrap_or_else(|| rules::guess_heads(&rows, I::fields()));
    let looked = Looked {
        sheets: known,
        columns: rules::columns(&rows, settings.heads),
        rows,
    };
    if settings.heads.last > 0 {
        settings.columns =
            rules::guess_columns(&looked.columns, settings.heads, &looked.rows, I::fields());
    }
    for field in I::fields().iter().filter(|field| !field.preset.is_empty()) {
        settings
            .defaults
            .insert(field.name.to_owned(), field.preset.to_owned());
    }
    if rules::guess_fill_down(&looked.rows, &settings, I::fields()) {
        settings.options.insert(FILL_DOWN.to_owned());
    }
    Ok((settings, looked))
}

/// The bytes that were sent, or pasted, and their name.
fn received(form: &FileForm, file: Option<Received>) -> Result<(Vec<u8>, String), Said> {
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
struct Stored {
    file: FileId,
    name: String,
    settings: Settings,
}

async fn store<I: Importer>(
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
                model::remembered(scope, I::KIND.code, &looked.layout())
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

pub async fn create<I: Importer>(
    actor: Allowed<I::Permission>,
    upload: Upload<FileForm>,
) -> Answer {
    let Upload { mut form, file } = upload;
    let has_file = file.is_some();
    let stored = match received(&form, file) {
        Ok((bytes, name)) => store::<I>(&actor, bytes, name).await?,
        Err(said) => Err(said),
    };
    let stored = match stored {
        Ok(stored) => stored,
        Err(said) => {
            let field = if has_file || form.text.is_empty() {
                "file"
            } else {
                "text"
            };
            form.remarks.add(field, said);
            let view = new_page::<I>(&actor, &form).await?;
            return page::again(&actor.ctx, &view);
        }
    };
    let pass: &Employee = &actor.pass;
    let to = format!("{}{}", pass.base(), I::KIND.path);
    let next = actor
        .once(move |scope| {
            let file = (stored.file, stored.name.as_str());
            let id = actions::start(scope, &I::KIND, file, &stored.settings)?;
            Ok(Next::to(format!("{to}/{id}")))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

fn id(path: &str) -> Result<ImportId, AppError> {
    path.parse().map_err(|_| AppError::NotFound)
}

/// An import's file, opened.
async fn opened<I: Importer, T: Send + 'static>(
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

async fn map_page<I: Importer>(
    actor: &Allowed<I::Permission>,
    import: Import,
    (form, looked): (&MapForm, &Looked),
) -> MapPage {
    let pass: &Employee = &actor.pass;
    MapPage::new::<I>(
        actor.shell(import.file_name.clone()),
        actor.lang(),
        &pass.base(),
        import,
        (form, looked),
    )
}

pub async fn show<I: Importer>(
    actor: Allowed<I::Permission>,
    path: web::Path<(String, String)>,
    query: ListQuery,
) -> Answer {
    let id = id(&path.1)?;
    let is_mapping = query.get("step") == Some("columns");
    let (import, about) = actor
        .read(move |scope| {
            let import = Import::find(scope, I::KIND.code, id)?;
            if import.status == "new" || (is_mapping && import.is_open()) {
                return Ok((import, None));
            }
            let job = JobState::of(scope, import.job_id)?;
            let told = import.remarks(scope, "refused", TOLD)?;
            Ok((import, Some((job, told))))
        })
        .await?;
    let pass: &Employee = &actor.pass;
    if let Some(about) = about {
        let view = ImportPage::new::<I>(
            actor.shell(import.file_name.clone()),
            actor.lang(),
            (&pass.base(), pass.person.id),
            import,
            about,
        );
        return if view.events.is_some() {
            page::follow(&actor.ctx, &view)
        } else {
            page::show(&actor.ctx, &view)
        };
    }
    let current = import.settings()?;
    let sheet = query.get("sheet").map(str::to_owned);
    let heads = query.get("heads").map(str::to_owned);
    let (settings, looked) = opened::<I, _>(&actor, import.file_id, move |source| {
        if heads.is_none() && sheet.is_none() {
            let looked = Looked::at(source, &current)?;
            return Ok((current, looked));
        }
        // Another sheet has heads of its own.
        let heads = heads.filter(|_| sheet.as_ref().is_none_or(|sheet| *sheet == current.sheet));
        let sheet = sheet.unwrap_or_else(|| current.sheet.clone());
        guess::<I>(source, Some(sheet), heads.as_deref())
    })
    .await?;
    let form = MapForm {
        settings,
        ..MapForm::default()
    };
    let view = map_page::<I>(&actor, import, (&form, &looked)).await;
    page::show(&actor.ctx, &view)
}

pub async fn choose<I: Importer>(
    actor: Allowed<I::Permission>,
    path: web::Path<(String, String)>,
    typed: Form<Vec<(String, String)>>,
) -> Answer {
    let id = id(&path.1)?;
    let import = actor
        .read(move |scope| Import::find(scope, I::KIND.code, id))
        .await?;
    let current = import.settings()?;
    let form = MapForm::parse(&typed.0, &current, I::fields(), I::options());
    let settings = form.settings.clone();
    let looked = opened::<I, _>(&actor, import.file_id, move |source| {
        Looked::at(source, &settings)
    })
    .await?;
    if !form.remarks.is_empty() {
        let view = map_page::<I>(&actor, import, (&form, &looked)).await;
        return page::again(&actor.ctx, &view);
    }
    let pass: &Employee = &actor.pass;
    let to = format!("{}{}/{id}", pass.base(), I::KIND.path);
    let title = title::<I>(&actor, text!("Check of {file}"), &import.file_name);
    let next = actor
        .once(move |scope| {
            if !form.is_check {
                actions::choose(scope, &I::KIND, id, &form.settings)?;
                return Ok(Next::to(format!("{to}?step=columns")));
            }
            let about = (id, looked.layout());
            actions::check(scope, &I::KIND, about, &form.settings, title)?;
            Ok(Next::to(to))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

fn title<I: Importer>(actor: &Allowed<I::Permission>, words: &'static str, file: &str) -> String {
    actor
        .lang()
        .say(&Said::new(words).with("file", file.to_owned()))
}

pub async fn run<I: Importer>(
    actor: Allowed<I::Permission>,
    path: web::Path<(String, String)>,
    _form: Form<Nothing>,
) -> Answer {
    let id = id(&path.1)?;
    let import = actor
        .read(move |scope| Import::find(scope, I::KIND.code, id))
        .await?;
    let pass: &Employee = &actor.pass;
    let to = format!("{}{}/{id}", pass.base(), I::KIND.path);
    let title = title::<I>(&actor, text!("Import of {file}"), &import.file_name);
    let next = actor
        .once(move |scope| {
            actions::run(scope, &I::KIND, id, title)?;
            Ok(Next::to(to))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

/// The refused rows as they stand in the file, with the reason in a further column.
pub async fn refused<I: Importer>(
    actor: Allowed<I::Permission>,
    path: web::Path<(String, String)>,
    query: ListQuery,
) -> Answer {
    let id = id(&path.1)?;
    let (import, reasons) = actor
        .read(move |scope| {
            let import = Import::find(scope, I::KIND.code, id)?;
            let reasons = import.refusals(scope)?;
            Ok((import, reasons))
        })
        .await?;
    let (settings, lang) = (import.settings()?, actor.lang());
    let format = Format::from_code(query.get("format"));
    let (row, reason) = (lang.t("Row").into_owned(), lang.t("Reason").into_owned());
    let content = opened::<I, _>(&actor, import.file_id, move |source| {
        let looked = Looked::at(source, &settings)?;
        let write = |source: &mut Source| -> Result<Result<Vec<u8>, AppError>, Said> {
            let rows = source.rows(&settings.sheet)?;
            let width = looked.columns.len();
            let heads: Vec<String> = looked
                .columns
                .iter()
                .cloned()
                .chain([row, reason])
                .collect();
            Ok((|| {
                let mut writer = Writer::new(format, &heads)?;
                for (number, mut cells) in rows {
                    let Some(said) = reasons.get(&number) else {
                        continue;
                    };
                    cells.resize(width, String::new());
                    cells.extend([number.to_string(), lang.say(said)]);
                    writer.push(&cells)?;
                }
                let mut bytes = Vec::new();
                writer
                    .finish()?
                    .read_to_end(&mut bytes)
                    .map_err(AppError::internal)?;
                Ok(bytes)
            })())
        };
        write(source)
    })
    .await??;
    Ok(HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header((
            "Content-Disposition",
            format!("attachment; filename=\"refused.{}\"", format.code()),
        ))
        .insert_header(("Cache-Control", "private, no-store"))
        .body(content))
}
