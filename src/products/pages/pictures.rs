//! The pictures of a product.

use crate::error::AppError;
use crate::kernel::ids::{FileId, PictureId};
use crate::kernel::language::Said;
use crate::platform::files::picture::{self, Small};
use crate::platform::files::{self, NewFile};
use crate::platform::permissions::{EditProducts, Permission, ReadProducts};
use crate::products::actions;
use crate::products::forms::PictureForm;
use crate::products::model::{Picture, Product};
use crate::products::views::PicturesPage;
use crate::web::components::Confirm;
use crate::web::confirm::ConfirmPage;
use crate::web::forms::{Nothing, new_key};
use crate::web::page::{self, Answer, Next};
use crate::web::uploads::{Received, Upload, size};
use crate::web::{Allowed, Form};
use actix_web::web;
use chrono::Duration;
use sha2::{Digest, Sha256};
use std::io::Read;

/// Longest sides of the two kept sizes, in pixels: for lists, and for the product's own page.
const SIDES: [u32; 2] = [128, 640];

async fn view<P: Permission<Door = crate::platform::permissions::Company>>(
    actor: &Allowed<P>,
    sku: String,
    form: &PictureForm,
) -> Result<PicturesPage, AppError> {
    let (product, pictures) = actor
        .read(move |scope| {
            let product = Product::by_sku(scope, &sku)?;
            let pictures = Picture::all(scope, product.id)?;
            Ok((product, pictures))
        })
        .await?;
    let title = Said::new("Pictures of {name}").with("name", &product.name);
    let limit = size(actor.state().config.upload_limit as u64);
    let pass: &crate::web::allowed::Employee = &actor.pass;
    let (base, may_edit) = (pass.base(), pass.may::<EditProducts>());
    Ok(PicturesPage::new(
        actor.shell(actor.lang().say(&title)),
        actor.lang(),
        (&base, may_edit, &limit),
        (product, pictures),
        form,
    ))
}

pub async fn index(actor: Allowed<ReadProducts>, path: web::Path<(String, String)>) -> Answer {
    let view = view(&actor, path.into_inner().1, &PictureForm::default()).await?;
    page::show(&actor.ctx, &view)
}

async fn again(actor: &Allowed<EditProducts>, sku: String, said: Said) -> Answer {
    let mut form = PictureForm::default();
    form.remarks.add("file", said);
    let view = view(actor, sku, &form).await?;
    page::again(&actor.ctx, &view)
}

pub async fn create(
    actor: Allowed<EditProducts>,
    path: web::Path<(String, String)>,
    upload: Upload<PictureForm>,
) -> Answer {
    let sku = path.into_inner().1;
    let Some(received) = upload.file else {
        return again(&actor, sku, Said::new("Choose a picture.")).await;
    };
    let (product, kept) = match store(&actor, sku.clone(), received).await? {
        Ok(stored) => stored,
        Err(said) => return again(&actor, sku, said).await,
    };
    let to = format!("{}/products/{}/media", actor.pass.base(), product.sku);
    let added = actor
        .once(move |scope| {
            actions::add_picture(scope, product.id, kept)?;
            Ok(Next::to(to).saying(Said::new("The picture is added.")))
        })
        .await;
    match added {
        Err(AppError::Refused(said)) => again(&actor, sku, said).await,
        added => Ok(page::go(&actor.ctx, added?)),
    }
}

/// The product, and the picture in both sizes in the store, pending; or what is wrong with it.
async fn store(
    actor: &Allowed<EditProducts>,
    sku: String,
    received: Received,
) -> Result<Result<(Product, (FileId, FileId)), Said>, AppError> {
    let member = actor.member();
    actor
        .blocking(move |state, ctx| {
            let pictures = match shrink(received) {
                Ok(pictures) => pictures,
                Err(said) => return Ok(Err(said)),
            };
            let sized = pictures.iter().map(file);
            let sized = sized.collect::<Result<Vec<_>, _>>()?;
            let [small, large] = sized.as_slice() else {
                return Err(AppError::internal("two sizes were asked for"));
            };
            // Rows first, bytes second: what is left of a crash in between is swept away.
            let product = state.db.write(&member, &ctx.meter, |scope| {
                let product = Product::by_sku(scope, &sku)?;
                files::add(scope, small)?;
                files::add(scope, large)?;
                Ok(product)
            })?;
            for (file, picture) in sized.iter().zip(&pictures) {
                state
                    .files
                    .put(member.tenant(), file.id, &mut picture.bytes.as_slice())?;
            }
            Ok(Ok((product, (small.id, large.id))))
        })
        .await
}

fn shrink(mut received: Received) -> Result<Vec<Small>, Said> {
    let mut bytes = Vec::new();
    received
        .content()?
        .read_to_end(&mut bytes)
        .map_err(|_| Said::new("This picture can't be read. Send it again."))?;
    picture::in_sizes(&bytes, &SIDES)
}

/// A row for one size.
fn file(picture: &Small) -> Result<NewFile, AppError> {
    Ok(NewFile {
        id: FileId::new(),
        name: format!("picture.{}", picture.ending),
        media_type: picture.media_type,
        bytes: i64::try_from(picture.bytes.len()).map_err(AppError::internal)?,
        sha256: Sha256::digest(&picture.bytes).to_vec(),
        purpose: "picture",
        needs: "files.read",
        created_by: None,
        lives: Duration::days(1),
    })
}

type PicturePath = web::Path<(String, String, String)>;

fn picture_id(path: &PicturePath) -> Result<PictureId, AppError> {
    path.2.parse().map_err(|_| AppError::NotFound)
}

pub async fn first(
    actor: Allowed<EditProducts>,
    path: PicturePath,
    _form: Form<Nothing>,
) -> Answer {
    let (id, sku) = (picture_id(&path)?, path.into_inner().1);
    let base = actor.pass.base();
    let next = actor
        .once(move |scope| {
            let product = Product::by_sku(scope, &sku)?;
            actions::put_first(scope, product.id, id)?;
            Ok(Next::to(format!("{base}/products/{}/media", product.sku))
                .saying(Said::new("This picture comes first.")))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}

pub async fn ask_remove(actor: Allowed<EditProducts>, path: PicturePath) -> Answer {
    let (id, sku) = (picture_id(&path)?, path.into_inner().1);
    let product = actor
        .read(move |scope| {
            let product = Product::by_sku(scope, &sku)?;
            Picture::find(scope, product.id, id)?;
            Ok(product)
        })
        .await?;
    let lang = actor.lang();
    let home = format!("{}/products/{}/media", actor.pass.base(), product.sku);
    let confirm = Confirm {
        question: lang.say(&Said::new("Remove this picture of {name}?").with("name", product.name)),
        effect: lang
            .t("Retailers see it no more. It can't be brought back, only sent again.")
            .into_owned(),
        action: format!("{home}/{id}/remove"),
        verb: lang.t("Remove picture").into_owned(),
        back: home,
        keep: lang.t("Keep picture").into_owned(),
        key: new_key(),
        fields: Vec::new(),
    };
    let shell = actor.shell(confirm.question.clone());
    page::show(&actor.ctx, &ConfirmPage { shell, confirm })
}

pub async fn remove(
    actor: Allowed<EditProducts>,
    path: PicturePath,
    _form: Form<Nothing>,
) -> Answer {
    let (id, sku) = (picture_id(&path)?, path.into_inner().1);
    let base = actor.pass.base();
    let next = actor
        .once(move |scope| {
            let product = Product::by_sku(scope, &sku)?;
            actions::remove_picture(scope, product.id, id)?;
            Ok(Next::to(format!("{base}/products/{}/media", product.sku))
                .saying(Said::new("The picture is removed.")))
        })
        .await?;
    Ok(page::go(&actor.ctx, next))
}
