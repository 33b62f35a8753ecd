//! The platform's search: the palette asks it, and without script it is a page.

use crate::companies::model::{Company, Invitation, PersonRow};
use crate::companies::views::{About, SearchPage};
use crate::platform::permissions::RunPlatform;
use crate::web::Allowed;
use crate::web::layout::Shell;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};

/// The pages of the sidebar whose name holds the words.
fn pages(shell: &Shell, words: &str) -> Vec<About> {
    let links = shell.nav.iter().flat_map(|group| &group.links);
    links
        .filter(|link| link.label.to_lowercase().contains(words))
        .map(|link| About {
            href: link.href.clone(),
            icon: link.icon,
            label: link.label.clone(),
            text: String::new(),
        })
        .collect()
}

fn company(row: Company) -> About {
    About {
        href: format!("/admin/companies/{}", row.id),
        icon: "shop",
        label: row.name,
        text: format!("{} · {}", row.slug, row.pan),
    }
}

fn person(row: PersonRow) -> About {
    About {
        href: format!("/admin/people/{}", row.id),
        icon: "person",
        label: row.name,
        text: row.email,
    }
}

fn invitation((row, company): (Invitation, String)) -> About {
    let address: String = url::form_urlencoded::byte_serialize(row.email.as_bytes()).collect();
    About {
        href: format!("/admin/invitations?q={address}"),
        icon: "mail",
        label: format!("{} · {company}", row.name),
        text: row.email,
    }
}

pub async fn index(actor: Allowed<RunPlatform>, query: ListQuery) -> Answer {
    let lang = actor.lang();
    let shell = actor.shell(lang.t("Search"));
    let words = query.search().unwrap_or_default().to_lowercase();
    let asked = query.clone();
    let (companies, people, invitations) = if words.is_empty() {
        Default::default()
    } else {
        actor
            .platform_read(move |tx| {
                Ok((
                    Company::search(tx, &asked)?,
                    PersonRow::search(tx, &asked)?,
                    Invitation::search_across(tx, &asked)?,
                ))
            })
            .await?
    };
    let found = vec![
        (lang.t("Pages").into_owned(), pages(&shell, &words)),
        (
            lang.t("Companies").into_owned(),
            companies.into_iter().map(company).collect(),
        ),
        (
            lang.t("People").into_owned(),
            people.into_iter().map(person).collect(),
        ),
        (
            lang.t("Invitations").into_owned(),
            invitations.into_iter().map(invitation).collect(),
        ),
    ];
    page::show(&actor.ctx, &SearchPage::new(shell, &query, found))
}
