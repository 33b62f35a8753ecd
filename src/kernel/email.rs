//! E-mail addresses.

use std::str::FromStr;

use diesel::sql_types::Text;
use diesel::{AsExpression, FromSqlRow};

use super::language::Said;

/// An address in lower case, at most 254 characters. Two spellings that differ in case only are one address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Email(String);

text_column!(Email);

impl Email {
    /// What the standard allows.
    pub const MOST: usize = 254;

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the @.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// For screens that confirm an address without giving it away: `m•••@example.com`.
    pub fn masked(&self) -> String {
        let first: String = self.0.chars().take(1).collect();
        format!("{first}•••@{}", self.domain())
    }
}

impl FromStr for Email {
    type Err = Said;

    fn from_str(typed: &str) -> Result<Email, Said> {
        let address = typed.trim().to_lowercase();
        if address.is_empty() {
            return Err(Said::new("Enter the e-mail address."));
        }
        let length = address.chars().count();
        if length > Email::MOST {
            return Err(Said::new(
                "An e-mail address has {most} characters at most; this one has {length}.",
            )
            .with("most", Email::MOST)
            .with("length", length));
        }
        let parts = address
            .split_once('@')
            .filter(|(local, domain)| is_local(local) && is_domain(domain));
        match parts {
            Some(_) => Ok(Email(address)),
            None => Err(Said::new("Write the e-mail address like name@example.com.")),
        }
    }
}

/// The part before the @: letters, digits and the marks that mail systems really use, dots not at the ends and not in pairs.
fn is_local(local: &str) -> bool {
    let fits = local
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b));
    fits && (1..=64).contains(&local.len()) && local.split('.').all(|piece| !piece.is_empty())
}

fn is_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let is_label = |label: &&str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last_has_letter = labels
        .last()
        .is_some_and(|last| last.len() >= 2 && !last.bytes().all(|b| b.is_ascii_digit()));
    labels.len() >= 2 && labels.iter().all(is_label) && last_has_letter
}
