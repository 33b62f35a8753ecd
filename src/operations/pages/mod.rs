//! Handlers of operations.

pub mod office;
pub mod platform;
pub mod portal;

use crate::error::AppError;
use crate::kernel::ids::TenantId;
use crate::platform::files::File;
use crate::web::page::Answer;
use crate::web::state::State;
use actix_web::HttpResponse;
use uuid::Uuid;

fn id(path: &str) -> Result<Uuid, AppError> {
    Uuid::parse_str(path).map_err(|_| AppError::NotFound)
}

/// A file's bytes as an answer. A picture of ours is shown; everything else is for saving.
async fn serve(state: &State, tenant: TenantId, file: File) -> Answer {
    let bytes = state.files.read(tenant, file.id).await?;
    let is_picture = file.media_type.starts_with("image/");
    let (how, keeps) = if is_picture {
        // A file never changes under its id.
        ("inline", "private, max-age=31536000, immutable")
    } else {
        ("attachment", "private, no-store")
    };
    let name: String = url::form_urlencoded::byte_serialize(file.name.as_bytes()).collect();
    Ok(HttpResponse::Ok()
        .content_type(file.media_type)
        .insert_header((
            "Content-Disposition",
            format!("{how}; filename*=UTF-8''{}", name.replace('+', "%20")),
        ))
        .insert_header(("Cache-Control", keeps))
        .insert_header(("Content-Security-Policy", "default-src 'none'; sandbox"))
        .no_chunking(u64::try_from(file.bytes).unwrap_or_default())
        .streaming(bytes))
}
