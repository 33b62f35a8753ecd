//! The registrar's addresses, on whatever listens for it.

use super::Registrar;
use super::calls::{Answer, Call, Operation};
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use std::pin::Pin;
use std::task::{Context, Poll};

/// Encrypted and in Base64, 2 MB are this much and a little more.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// All of them; the registrar itself is in the application's data.
pub fn routes(cfg: &mut ServiceConfig) {
    use Operation as Op;
    cfg.app_data(web::PayloadConfig::new(MOST_BYTES));
    post(cfg, "/eivital/v1.04/auth", Op::SignIn);
    post(cfg, "/eicore/v1.03/Invoice", Op::Generate);
    post(cfg, "/eicore/v1.03/Invoice/Cancel", Op::Cancel);
    get(cfg, "/eicore/v1.03/Invoice/irn/{subject}", Op::ByIrn);
    get(cfg, "/eicore/v1.03/Invoice/irnbydocdetails", Op::ByDocument);
    post(cfg, "/eiewb/v1.03/ewaybill", Op::MakeBill);
    get(cfg, "/eiewb/v1.03/ewaybill/irn/{subject}", Op::FindBill);
    post(cfg, "/ewaybillapi/v1.03/ewayapi", Op::BillAction);
    let older = "/ewaybillapi/v1.03/ewayapi/GetEwayBill";
    get(cfg, older, Op::BillByNumber);
    get(cfg, "/eivital/v1.04/Master/gstin/{subject}", Op::Taxpayer);
    get(cfg, "/eivital/v1.04/Master/syncgstin/{subject}", Op::Sync);
    post(cfg, "/sandbox/enrol", Op::Enrol);
}

fn post(cfg: &mut ServiceConfig, path: &str, operation: Operation) {
    cfg.route(
        path,
        web::post().to(move |request, body, registrar| hear(operation, request, body, registrar)),
    );
}

fn get(cfg: &mut ServiceConfig, path: &str, operation: Operation) {
    cfg.route(
        path,
        web::get().to(move |request, body, registrar| hear(operation, request, body, registrar)),
    );
}

async fn hear(
    operation: Operation,
    request: HttpRequest,
    body: Bytes,
    registrar: Data<Registrar>,
) -> HttpResponse {
    let call = call(operation, &request, &body);
    #[expect(
        clippy::disallowed_methods,
        reason = "no page and no actor: another machine's call, answered from its own books"
    )]
    let answer = web::block(move || registrar.answer(&call)).await;
    let Ok(Answer { said, delay }) = answer else {
        return HttpResponse::ServiceUnavailable().finish();
    };
    actix_web::rt::time::sleep(delay).await;
    match said {
        Some((status, body)) => {
            let kind = if status == 200 {
                "application/json; charset=utf-8"
            } else {
                "text/html"
            };
            HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::OK))
                .content_type(kind)
                .body(body)
        }
        None => HttpResponse::Ok().body(BoxBody::new(Lost)),
    }
}

fn call(operation: Operation, request: &HttpRequest, body: &Bytes) -> Call {
    let headers = request
        .headers()
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.into())))
        .collect();
    let query = web::Query::from_query(request.query_string())
        .map(web::Query::into_inner)
        .unwrap_or_default();
    Call {
        operation,
        method: request.method().to_string(),
        path: request
            .uri()
            .path_and_query()
            .map_or_else(String::new, ToString::to_string),
        headers,
        query,
        subject: request.match_info().query("subject").to_owned(),
        body: body.to_vec(),
    }
}

/// A body that breaks off before the first byte of the answer is sent, so that the connection is closed without one.
struct Lost;

impl MessageBody for Lost {
    type Error = std::io::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Poll::Ready(Some(Err(std::io::Error::other("the answer is lost"))))
    }
}
