//! The engine room: jobs and letters for platform admins, and the developers' outbox.

mod model;
mod pages;
mod views;

use crate::web::Routes;

/// `/admin/jobs`, `/admin/messages` and `/dev/mail`.
pub fn routes(r: &mut Routes) {
    r.page("/admin/jobs", pages::jobs);
    r.page("/admin/jobs/{id}", pages::job);
    r.change("/admin/jobs/{id}/retry", pages::retry);
    r.page("/admin/jobs/{id}/discard", pages::ask_discard);
    r.change("/admin/jobs/{id}/discard", pages::discard);
    r.page("/admin/messages", pages::messages);
    r.page("/dev/mail", pages::outbox);
    r.page("/dev/mail/{id}", pages::letter);
    r.part("/dev/mail/{id}/html", pages::letter_html);
}
