//! Where a person may be sent.

use crate::platform::accounts::Person;

/// The address after sign-in: the one that was asked for, if it is a page of ours; else the person's only workspace, or the choice of them.
pub fn onward(next: &str, person: &Person) -> String {
    if is_ours(next) {
        next.to_owned()
    } else {
        workspace(person)
    }
}

/// The person's only workspace, or the choice of them.
pub fn workspace(person: &Person) -> String {
    let count =
        person.companies.len() + person.retailers.len() + usize::from(person.is_platform_admin);
    match (count, person.companies.first(), person.retailers.first()) {
        (1, Some(company), _) => format!("/c/{}/", company.slug),
        (1, None, Some(retailer)) => format!("/r/{}", retailer.slug),
        (1, None, None) => "/admin".to_owned(),
        _ => "/workspaces".to_owned(),
    }
}

/// Whether an address is a path on this host. `//host` and `/\host` are not: browsers read them as another host.
pub fn is_ours(next: &str) -> bool {
    let mut characters = next.chars();
    characters.next() == Some('/')
        && !matches!(characters.next(), Some('/' | '\\'))
        && next.len() <= 500
        && !next.chars().any(|c| c.is_control() || c == '\\')
}
