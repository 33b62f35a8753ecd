//! Work that takes a while: jobs and letters for platform admins, progress and downloads for a company's people, the developers' outbox.

mod model;
mod pages;
mod views;

use crate::web::Routes;

use pages::{office, platform, portal};

/// `/admin/jobs`, `/admin/messages`, `/dev/mail`, and a company's jobs, downloads and files.
pub fn routes(r: &mut Routes) {
    r.page("/c/{company}/downloads", office::downloads);
    r.page("/c/{company}/jobs/{id}", office::job);
    r.part("/c/{company}/jobs/{id}/events", office::events);
    r.part("/c/{company}/files/{id}", office::file);
    r.part("/r/{retailer}/{supplier}/files/{id}", portal::file);
    r.page("/admin/jobs", platform::jobs);
    r.page("/admin/jobs/{id}", platform::job);
    r.change("/admin/jobs/{id}/retry", platform::retry);
    r.page("/admin/jobs/{id}/discard", platform::ask_discard);
    r.change("/admin/jobs/{id}/discard", platform::discard);
    r.page("/admin/messages", platform::messages);
    r.page("/dev/mail", platform::outbox);
    r.page("/dev/mail/{id}", platform::letter);
    r.part("/dev/mail/{id}/html", platform::letter_html);
}
