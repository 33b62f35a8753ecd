//! The last module: everybody's routes, put together, and the server around them.

pub mod checks;
pub mod commands;
pub mod demo;
pub mod imports;
mod log;
mod probes;
pub mod start;
pub mod work;

use crate::kernel::slug::Slug;
use crate::platform::metrics;
use crate::web::page::Answer;
use crate::web::session;
use crate::web::{Routes, State, assets, edge};
use actix_web::dev::Server;
use actix_web::http::{Method, header};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use std::net::TcpListener;
use std::sync::Arc;

/// Every route of the application.
pub fn routes() -> Routes {
    let mut routes = Routes::default();
    crate::users::routes(&mut routes);
    crate::companies::routes(&mut routes);
    // Before products and stock: `/products/import` is no product.
    imports::routes(&mut routes);
    crate::tax::routes(&mut routes);
    crate::customers::routes(&mut routes);
    crate::products::routes(&mut routes);
    crate::pricing::routes(&mut routes);
    crate::inventory::routes(&mut routes);
    crate::orders::routes(&mut routes);
    crate::logistics::routes(&mut routes);
    crate::accounting::routes(&mut routes);
    crate::reporting::routes(&mut routes);
    crate::operations::routes(&mut routes);
    crate::integrations::routes(&mut routes);
    routes
}

/// A server of these routes on an open socket, ready to be awaited.
///
/// # Errors
/// When the socket can't be used.
pub fn serve(state: &State, routes: Routes, listener: TcpListener) -> std::io::Result<Server> {
    metrics::recorder();
    let table = Arc::new(routes);
    let data = web::Data::new(state.clone());
    let state = state.clone();
    let threads = state
        .config
        .http_threads
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(2, std::num::NonZero::get));
    let server = HttpServer::new(move || {
        let table = Arc::clone(&table);
        App::new()
            .app_data(web::Data::clone(&data))
            .app_data(web::PayloadConfig::new(512 * 1024))
            .route("/assets/{name:.*}", web::get().to(assets::serve))
            .route("/health", web::get().to(probes::live))
            .route("/health/ready", web::get().to(probes::ready))
            .route("/metrics", web::get().to(probes::figures))
            .service(
                web::scope("")
                    .wrap(actix_identity::IdentityMiddleware::default())
                    .wrap(session::middleware(&state))
                    .wrap(from_fn(edge::ring))
                    .configure(move |cfg| table.apply(cfg))
                    .default_service(web::to(nothing_here)),
            )
            .wrap(actix_web::middleware::Compress::default())
    })
    .workers(threads)
    // A compressed page leaves in two writes. Without this the second waits for the receiver's delayed acknowledgement: 40 ms a page.
    .tcp_nodelay(true)
    .shutdown_timeout(25)
    // The caller listens for them: streams have to be told before the server waits for them.
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(server)
}

/// Nothing is here; but the home of a company or of a shop at its supplier is, where only its last slash was left out.
async fn nothing_here(request: HttpRequest) -> Answer {
    match with_slash(&request) {
        Some(to) => Ok(HttpResponse::SeeOther()
            .insert_header((header::LOCATION, to))
            .finish()),
        None => Err(crate::error::AppError::NotFound),
    }
}

/// The address with its last slash. Made of short names alone, so it never leads to another house.
fn with_slash(request: &HttpRequest) -> Option<String> {
    let is_name = |part: &str| part.parse::<Slug>().is_ok_and(|slug| slug.as_str() == part);
    let parts: Vec<&str> = request.path().split('/').skip(1).collect();
    let is_home = match parts.as_slice() {
        ["c", company] => is_name(company),
        ["r", retailer, supplier] => is_name(retailer) && is_name(supplier),
        _ => false,
    };
    let is_asked = [Method::GET, Method::HEAD].contains(request.method());
    (is_home && is_asked).then(|| format!("{}/", request.path()))
}
