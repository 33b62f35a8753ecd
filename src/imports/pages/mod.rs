//! Handlers of imports, the same for every kind.

mod file;

pub use file::Looked;

use super::actions;
use super::forms::{FileForm, MapForm};
use super::importer::{Importer, Kind};
use super::model::{Import, JobState, Remarks};
use super::read::Source;
use super::views::{ImportPage, ImportsPage, MapPage, NewImportPage, TOLD};
use crate::error::AppError;
use crate::kernel::ids::ImportId;
use crate::kernel::language::{Said, text};
use crate::platform::permissions::{ReadDownloads, role_has};
use crate::web::allowed::Employee;
use crate::web::export::{Format, Writer};
use crate::web::forms::Nothing;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer, Next};
use crate::web::uploads::{Upload, size};
use crate::web::{Allowed, Form};
use actix_web::{HttpResponse, web};
use file::{guess, opened, received, store, withhold};
use std::io::Read;

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
            next: None,
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

async fn map_page<I: Importer>(
    actor: &Allowed<I::Permission>,
    import: Import,
    (form, looked): (&MapForm, &Looked),
) -> Result<MapPage, AppError> {
    let pass: &Employee = &actor.pass;
    let (settings, lines) = (
        form.settings.clone(),
        looked.first_lines::<I>(&form.settings),
    );
    let (lines, standing) = actor
        .read(move |scope| {
            let standing = I::standing(scope, &settings, &lines)?;
            Ok((lines, standing))
        })
        .await?;
    Ok(MapPage::new::<I>(
        actor.shell(import.file_name.clone()),
        actor.lang(),
        (&pass.base(), pass.company.role),
        import,
        (form, looked),
        (&lines, &standing),
    ))
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
            // Rows are told of once a job is through with all of them.
            let about = if import.is_under_way() {
                let job = JobState::of(scope, import.job_id)?;
                (job, Remarks::default())
            } else {
                (None, import.all_remarks(scope, TOLD)?)
            };
            Ok((import, Some(about)))
        })
        .await?;
    let pass: &Employee = &actor.pass;
    if let Some(about) = about {
        let settings = import.settings()?;
        let view = ImportPage::new::<I>(
            actor.shell(import.file_name.clone()),
            actor.lang(),
            (&pass.base(), pass.person.id),
            (import, &settings),
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
    let (settings, looked) = opened::<I, _>(&actor, import.file()?, move |source| {
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
    let mut form = MapForm {
        settings,
        ..MapForm::default()
    };
    withhold::<I>(&mut form.settings, pass.company.role);
    let view = map_page::<I>(&actor, import, (&form, &looked)).await?;
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
    let pass: &Employee = &actor.pass;
    let mut form = MapForm::parse(&typed.0, &current, I::fields(), I::options());
    withhold::<I>(&mut form.settings, pass.company.role);
    let settings = form.settings.clone();
    let looked = opened::<I, _>(&actor, import.file()?, move |source| {
        Looked::at(source, &settings)
    })
    .await?;
    if !form.remarks.is_empty() {
        let view = map_page::<I>(&actor, import, (&form, &looked)).await?;
        return page::again(&actor.ctx, &view);
    }
    let to = format!("{}{}/{id}", pass.base(), I::KIND.path);
    let title = title::<I>(&actor, text!("Check of {file}"), &import.file_name);
    let layout = looked.layout::<I>(&form.settings, pass.company.role);
    let next = actor
        .once(move |scope| {
            if !form.is_check {
                actions::choose(scope, &I::KIND, id, &form.settings)?;
                return Ok(Next::to(format!("{to}?step=columns")));
            }
            actions::check(scope, &I::KIND, (id, &layout), &form.settings, title)?;
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
    let (to, mut own) = (
        format!("{}{}/{id}", pass.base(), I::KIND.path),
        import.settings()?,
    );
    withhold::<I>(&mut own, pass.company.role);
    if own != import.settings()? {
        return Err(AppError::refused(Said::new(
            "Somebody else chose columns that your role may not set. They have to import this file, or you choose the columns again.",
        )));
    }
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
    let content = opened::<I, _>(&actor, import.file()?, move |source| {
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
