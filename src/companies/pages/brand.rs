//! A company's looks: logo and colour.

use crate::companies::actions::{self, Logo};
use crate::companies::forms::BrandForm;
use crate::companies::model::Company;
use crate::companies::views::BrandPage;
use crate::error::AppError;
use crate::kernel::ids::FileId;
use crate::kernel::language::Said;
use crate::platform::db::Member;
use crate::platform::files::{self, NewFile, picture};
use crate::platform::permissions::{EditCompany, Permission, ReadCompany};
use crate::web::allowed::Employee as Pass;
use crate::web::page::{self, Answer, Next};
use crate::web::uploads::{Received, Upload, size};
use crate::web::{Allowed, State};
use chrono::Duration;
use sha2::{Digest, Sha256};
use std::io::Read;

/// Longest side of a kept logo, in pixels: sharp on documents and as an app icon.
const SIDE: u32 = 512;

fn view<P: Permission<Door = crate::platform::permissions::Company>>(
    actor: &Allowed<P>,
    form: &BrandForm,
) -> BrandPage {
    let pass: &Pass = &actor.pass;
    let base = pass.base();
    let logo = pass.company.logo.map(|file| format!("{base}/files/{file}"));
    BrandPage::new(
        actor.shell(actor.lang().t("Brand")),
        actor.lang(),
        (base, pass.may::<EditCompany>()),
        logo,
        form,
        &size(actor.state().config.upload_limit as u64),
    )
}

pub async fn show(actor: Allowed<ReadCompany>) -> Answer {
    let company = actor.read(Company::own).await?;
    let form = BrandForm {
        hue: company.hue.to_string(),
        ..BrandForm::default()
    };
    page::show(&actor.ctx, &view(&actor, &form))
}

pub async fn save(actor: Allowed<EditCompany>, upload: Upload<BrandForm>) -> Answer {
    let Upload { mut form, file } = upload;
    let hue = form.parse();
    let logo = match file {
        Some(received) if hue.is_some() => match store(&actor, received).await? {
            Ok(logo) => logo,
            Err(said) => {
                form.remarks.add("file", said);
                Logo::Same
            }
        },
        Some(mut received) => {
            // The colour is wrong already; a fault of the file is told with it, in one go.
            if let Err(said) = received.content() {
                form.remarks.add("file", said);
            }
            Logo::Same
        }
        None if form.remove == "on" => Logo::Gone,
        None => Logo::Same,
    };
    let (Some(hue), true) = (hue, form.remarks.is_empty()) else {
        return page::again(&actor.ctx, &view(&actor, &form));
    };
    let to = format!("{}/settings/brand", actor.pass.base());
    let next = actor
        .once(move |scope| {
            actions::save_brand(scope, hue, &logo)?;
            Ok(Next::to(to).saying(Said::new("The brand is saved.")))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

/// The picture made small and put into the store, pending; or what is wrong with it.
async fn store(
    actor: &Allowed<EditCompany>,
    received: Received,
) -> Result<Result<Logo, Said>, AppError> {
    let member = actor.member();
    actor
        .blocking(move |state, ctx| match shrink(received) {
            Err(said) => Ok(Err(said)),
            Ok(bytes) => {
                let file = logo_file(&bytes)?;
                put(state, &member, &ctx.meter, &file, &bytes)?;
                Ok(Ok(Logo::New(file.id)))
            }
        })
        .await
}

fn shrink(mut received: Received) -> Result<Vec<u8>, Said> {
    let mut bytes = Vec::new();
    received
        .content()?
        .read_to_end(&mut bytes)
        .map_err(|_| Said::new("This picture can't be read. Send it again."))?;
    picture::small_png(&bytes, SIDE)
}

fn logo_file(bytes: &[u8]) -> Result<NewFile, AppError> {
    Ok(NewFile {
        id: FileId::new(),
        name: "logo.png".to_owned(),
        media_type: "image/png",
        bytes: i64::try_from(bytes.len()).map_err(AppError::internal)?,
        sha256: Sha256::digest(bytes).to_vec(),
        purpose: "logo",
        needs: "files.read",
        created_by: None,
        lives: Duration::days(1),
    })
}

/// Row first, bytes second: what is left of a crash in between is swept away.
fn put(
    state: &State,
    member: &Member,
    meter: &crate::platform::db::Meter,
    file: &NewFile,
    bytes: &[u8],
) -> Result<(), AppError> {
    state
        .db
        .write(member, meter, |scope| files::add(scope, file))?;
    state.files.put(member.tenant(), file.id, &mut &*bytes)
}
