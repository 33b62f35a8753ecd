//! What a retailer's people may fetch from a supplier. Row security shows them the supplier's logo and no other file.

use super::{id, serve};
use crate::kernel::ids::FileId;
use crate::platform::files::File;
use crate::platform::permissions::SeeShop;
use crate::web::Allowed;
use crate::web::page::Answer;
use actix_web::web;

pub async fn file(actor: Allowed<SeeShop>, path: web::Path<(String, String, String)>) -> Answer {
    let id = FileId::from(id(&path.2)?);
    let file = actor.read(move |scope| File::find(scope, id)).await?;
    serve(actor.state(), actor.pass.supplier.tenant, file).await
}
