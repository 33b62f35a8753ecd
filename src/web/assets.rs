//! stub
pub fn path(_: &str) -> &'static str {
    "/assets/x"
}
pub async fn serve(_name: actix_web::web::Path<String>) -> actix_web::HttpResponse {
    actix_web::HttpResponse::NotFound().finish()
}
