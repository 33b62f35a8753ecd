//! What other machines send comes in without a session and without an origin of ours, as it is, up to a size; and only there.

use crate::support::{Browser, own_app};
use actix_web::{HttpResponse, web};
use mandi::platform::permissions::CallGateway;
use mandi::web::Allowed;
use mandi::web::page::Answer;
use mandi::web::routes::Kind;

async fn heard(_actor: Allowed<CallGateway>, body: web::Bytes) -> Answer {
    Ok(HttpResponse::Ok().body(format!("{} bytes", body.len())))
}

#[test]
fn a_hook_is_heard_without_an_origin_and_nothing_else_is() {
    // given: the same handler as a hook and as a change
    let planted = || {
        let mut routes = mandi::app::routes();
        routes.hook("echo/{id}", heard);
        routes.change("/echo/{id}", heard);
        routes
    };
    let kinds: Vec<Kind> = planted()
        .table()
        .iter()
        .filter(|route| route.pattern.ends_with("/echo/{id}"))
        .map(|route| route.kind)
        .collect();
    assert_eq!(kinds, [Kind::Hook, Kind::Change]);
    let app = own_app("hooks", planted());
    let stranger = Browser::on(&app.base);
    let send = |path: &str, bytes: usize, headers: &[(&str, &str)]| {
        let value = "x".repeat(bytes - 2);
        stranger.post_with(path, &[("a", &value)], headers)
    };

    // when, then: from nowhere, and from elsewhere
    for headers in [&[][..], &[("Origin", "https://gateway.example")]] {
        let page = send("/hooks/echo/1", 100, headers);
        assert_eq!((page.status, page.html.as_str()), (200, "100 bytes"));
        assert_eq!(send("/echo/1", 100, headers).status, 403);
    }

    // as long as a message may be, and longer
    assert_eq!(send("/hooks/echo/1", 1 << 20, &[]).status, 200);
    assert_eq!(send("/hooks/echo/1", (1 << 20) + 1, &[]).status, 413);

    // there is nothing to look at, and nothing else under that address
    assert_eq!(stranger.get("/hooks/echo/1").status, 404);
    assert_eq!(send("/hooks/other", 100, &[]).status, 404);
}
