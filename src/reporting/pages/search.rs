//! The search of a company: pages, and what its rooms keep, as far as the reader may see it.

use crate::companies::{About, SearchPage, settings_links};
use crate::kernel::language::Lang;
use crate::platform::permissions::{
    EditProducts, EditStock, ReadCustomers, ReadDashboard, ReadOrders, ReadPeople, ReadProducts,
    ReadShipments,
};
use crate::reporting::model::{Hit, HitKind};
use crate::web::Allowed;
use crate::web::allowed::Employee as Pass;
use crate::web::layout::Shell;
use crate::web::list::ListQuery;
use crate::web::page::{self, Answer};

/// The kinds that the reader may see, the likeliest first.
fn kinds(pass: &Pass) -> Vec<HitKind> {
    [
        (pass.may::<ReadOrders>(), HitKind::Order),
        (pass.may::<ReadShipments>(), HitKind::Shipment),
        (pass.may::<ReadCustomers>(), HitKind::Customer),
        (pass.may::<ReadProducts>(), HitKind::Product),
        (pass.may::<ReadPeople>(), HitKind::Person),
    ]
    .into_iter()
    .filter_map(|(may, kind)| may.then_some(kind))
    .collect()
}

/// The company's pages: of the menu, the settings, and what is brought in from files.
fn pages(lang: Lang, pass: &Pass, shell: &Shell) -> Vec<About> {
    let menu = shell.nav.iter().flat_map(|group| {
        group.links.iter().map(|link| About {
            href: link.href.clone(),
            icon: link.icon,
            label: link.label.clone(),
            text: group.heading.clone().unwrap_or_default(),
        })
    });
    let import = |path: &str, label: &'static str| About {
        href: format!("{}{path}", pass.base()),
        icon: "export",
        label: lang.t(label).into_owned(),
        text: lang.t("CSV, XLSX or XLS").into_owned(),
    };
    let catalogue = pass
        .may::<EditProducts>()
        .then(|| import("/products/import", "Import a catalogue"));
    let stock = pass
        .may::<EditStock>()
        .then(|| import("/stock/import", "Import the opening stock"));
    menu.chain(catalogue)
        .chain(stock)
        .chain(settings_links(lang, pass))
        .collect()
}

fn about(base: &str, hit: Hit) -> About {
    About {
        href: format!("{base}{}/{}", hit.kind.path(), hit.key),
        icon: hit.kind.icon(),
        label: hit.label,
        text: hit.text,
    }
}

pub async fn index(actor: Allowed<ReadDashboard>, query: ListQuery) -> Answer {
    let lang = actor.lang();
    let shell = actor.shell(lang.t("Search"));
    let (base, kinds) = (actor.pass.base(), kinds(&actor.pass));
    let words = query.search().unwrap_or_default().to_owned();
    let mut pages = pages(lang, &actor.pass, &shell);
    let small = words.to_lowercase();
    pages.retain(|link| {
        link.label.to_lowercase().contains(&small) || link.text.to_lowercase().contains(&small)
    });
    let mut hits = Vec::new();
    if !words.is_empty() && !kinds.is_empty() {
        let asked = kinds.clone();
        hits = actor
            .read(move |scope| Hit::of(scope, &words, &asked))
            .await?;
    }
    let mut found = vec![(lang.t("Pages").into_owned(), pages)];
    for kind in kinds {
        let (of_kind, others) = hits.into_iter().partition(|hit: &Hit| hit.kind == kind);
        hits = others;
        let links = Vec::into_iter(of_kind).map(|hit| about(&base, hit));
        found.push((lang.t(kind.label()).into_owned(), links.collect()));
    }
    page::show(&actor.ctx, &SearchPage::new(shell, &query, found))
}
