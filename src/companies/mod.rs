//! Companies, their GST registrations, employees, and the invitations that bring people in.
//!
//! What this domain keeps: a company has one PAN, and every registration carries it; it always has an owner or an invitation to one; an
//! invitation lets one person in once, by the address it was sent to; roles change in `employees`, and memberships follow by trigger.

pub mod actions;
mod forms;
pub mod jobs;
pub mod model;
mod pages;
pub mod rules;
mod views;

/// The tables that the audit log has words for.
pub use views::audit::TABLES as AUDITED_TABLES;

pub use pages::audit::latest as latest_changes;
pub use pages::office::settings_links;
pub use pages::saved_views::kept as saved_views_of;
pub use views::{About, SearchPage};

use crate::platform::verify::Check;
use crate::web::Routes;
use pages::{
    acceptance, admin, admin_demo, admin_invitations, admin_people, admin_search, audit, brand,
    employees, invitations, office, profile, registrations, saved_views,
};

/// The platform's rooms for companies, the invitation's door, and the company's own settings.
pub fn routes(r: &mut Routes) {
    r.page("/admin", admin::overview);
    r.page("/admin/search", admin_search::index);
    r.page("/admin/companies", admin::index);
    r.part("/admin/companies/export", admin::export);
    r.page("/admin/companies/new", admin::new);
    r.change("/admin/companies/new", admin::create);
    r.page("/admin/companies/{id}", admin::show);
    r.page("/admin/companies/{id}/edit", admin::edit);
    r.change("/admin/companies/{id}/edit", admin::update);
    r.page("/admin/companies/{id}/suspend", admin::ask_suspend);
    r.change("/admin/companies/{id}/suspend", admin::suspend);
    r.change("/admin/companies/{id}/reactivate", admin::reactivate);
    r.page("/admin/invitations", admin_invitations::index);
    r.part("/admin/invitations/export", admin_invitations::export);
    r.change("/admin/invitations/bulk", admin_invitations::bulk);
    r.change("/admin/invitations/{id}/resend", admin_invitations::resend);
    r.change("/admin/invitations/{id}/revoke", admin_invitations::revoke);
    r.page("/admin/people", admin_people::index);
    r.page("/admin/people/{id}", admin_people::show);
    r.page("/admin/people/{id}/disable", admin_people::ask_disable);
    r.change("/admin/people/{id}/disable", admin_people::disable);
    r.page("/admin/people/{id}/sign-out", admin_people::ask_sign_out);
    r.change("/admin/people/{id}/sign-out", admin_people::sign_out);
    r.change("/admin/people/{id}/enable", admin_people::enable);
    r.page("/admin/demo/remove", admin_demo::ask_remove);
    r.change("/admin/demo/remove", admin_demo::remove);
    r.page("/invite/{token}", acceptance::show);
    r.change("/invite/{token}", acceptance::accept);
    r.page("/c/{company}/settings", office::settings);
    r.page("/c/{company}/settings/company", profile::show);
    r.change("/c/{company}/settings/company", profile::save);
    let list = "/c/{company}/settings/registrations";
    r.page(list, registrations::index);
    r.page(&format!("{list}/new"), registrations::new);
    r.change(&format!("{list}/new"), registrations::create);
    r.page(&format!("{list}/{{gstin}}"), registrations::show);
    r.change(&format!("{list}/{{gstin}}"), registrations::save);
    r.change(
        &format!("{list}/{{gstin}}/primary"),
        registrations::make_primary,
    );
    r.page(&format!("{list}/{{gstin}}/end"), registrations::ask_end);
    r.change(&format!("{list}/{{gstin}}/end"), registrations::end);
    r.page("/c/{company}/settings/people", employees::index);
    r.part("/c/{company}/settings/people/export", employees::export);
    r.page("/c/{company}/settings/people/invite", invitations::new);
    r.change("/c/{company}/settings/people/invite", invitations::create);
    r.change("/c/{company}/settings/people/bulk", employees::bulk);
    r.page("/c/{company}/settings/people/{id}", employees::show);
    r.change("/c/{company}/settings/people/{id}", employees::save);
    r.page("/c/{company}/settings/invitations", invitations::index);
    r.part(
        "/c/{company}/settings/invitations/export",
        invitations::export,
    );
    r.change("/c/{company}/settings/invitations/bulk", invitations::bulk);
    r.change(
        "/c/{company}/settings/invitations/{id}/resend",
        invitations::resend,
    );
    r.change(
        "/c/{company}/settings/invitations/{id}/revoke",
        invitations::revoke,
    );
    r.page("/c/{company}/settings/views/new", saved_views::new);
    r.change("/c/{company}/settings/views", saved_views::create);
    r.change(
        "/c/{company}/settings/views/{id}/remove",
        saved_views::remove,
    );
    r.page("/c/{company}/settings/roles", office::roles);
    r.page("/c/{company}/settings/audit", audit::index);
    r.change("/c/{company}/settings/audit/export", audit::export);
    r.page("/c/{company}/settings/brand", brand::show);
    r.change("/c/{company}/settings/brand", brand::save);
    r.part("/brand/{company}", office::brand);
}

/// What `mandi verify` asks of companies.
pub const CHECKS: &[Check] = &[
    Check {
        name: "companies.one_pan",
        about: "Every registration's GSTIN holds its company's PAN and its own state code.",
        sql: "select r.tenant_id as tenant, 'registration ' || r.gstin || ' does not fit its company' as what
                from gst_registrations r join companies c on c.id = r.tenant_id
                where substr(r.gstin, 3, 10) <> c.pan or left(r.gstin, 2) <> r.state_code",
    },
    Check {
        name: "companies.one_primary_registration",
        about: "Of a company's registrations exactly one is the primary one, and it is in force.",
        sql: "select r.tenant_id as tenant, 'company ' || r.tenant_id::text || ' has ' || count(*) filter (where r.is_primary and r.ended_on is null) || ' primary registrations in force' as what
                from gst_registrations r group by r.tenant_id
                having count(*) filter (where r.is_primary and r.ended_on is null) <> 1 or bool_or(r.is_primary and r.ended_on is not null)",
    },
    Check {
        name: "companies.have_an_owner",
        about: "Every company has an active owner, or an open invitation to one.",
        sql: "select c.id as tenant, 'company ' || c.slug || ' has no owner' as what from companies c
                where not exists (select from employees e where e.tenant_id = c.id and e.role = 'owner' and e.is_active)
                  and not exists (select from invitations i where i.tenant_id = c.id and i.role = 'owner' and i.status in ('sent', 'revoked'))",
    },
    Check {
        name: "companies.logo_is_kept",
        about: "A company's logo is a logo, and no file that is about to be swept away.",
        sql: "select c.id as tenant, 'the logo of ' || c.slug || ' is not kept' as what from companies c
                where c.logo_file_id is not null and not exists (select from files f
                    where f.tenant_id = c.id and f.id = c.logo_file_id and f.purpose = 'logo' and f.expires_at is null and not f.is_pending)",
    },
    Check {
        name: "invitations.accepted_by_an_employee",
        about: "Whoever accepted an invitation is an employee of that company.",
        sql: "select i.tenant_id as tenant, 'invitation ' || i.id::text || ' was accepted, but made no employee' as what from invitations i
                where i.status = 'accepted' and not exists (select from employees e where e.tenant_id = i.tenant_id and e.user_id = i.accepted_by)",
    },
];
