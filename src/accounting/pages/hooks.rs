//! What payment gateways tell.

use crate::accounting::till::{Call, Till};
use crate::error::AppError;
use crate::kernel::ids::GatewayAccountId;
use crate::platform::permissions::CallGateway;
use crate::web::Allowed;
use crate::web::page::Answer;
use actix_web::{HttpRequest, HttpResponse, web};

/// Keeps what a gateway tells and answers; what it means is worked off afterwards. What is told again is answered the same.
pub async fn payments(
    actor: Allowed<CallGateway>,
    path: web::Path<String>,
    request: HttpRequest,
    body: web::Bytes,
) -> Answer {
    let account: GatewayAccountId = path.parse().map_err(|_| AppError::NotFound)?;
    let headers: Vec<(String, String)> = request
        .headers()
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.into())))
        .collect();
    let call = actor
        .blocking(move |state, ctx| Till::new(state).hear(account, &ctx.meter, (&headers, &body)))
        .await?;
    Ok(match call {
        Call::Kept => HttpResponse::Ok().finish(),
        Call::Forged => HttpResponse::Unauthorized().finish(),
    })
}
