//! The short name of a company or retailer in an address: `/c/annapurna`.

use std::str::FromStr;

use diesel::sql_types::Text;
use diesel::{AsExpression, FromSqlRow};

use super::language::Said;

/// 3 to 40 lower-case letters, digits and single hyphens, beginning with a letter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Slug(String);

text_column!(Slug);

/// Words that stand for pages where a slug could stand.
const RESERVED: &[&str] = &["new", "edit", "export", "join"];

impl Slug {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A proposal from a name: `Annapurna Foods Pvt. Ltd.` gives `annapurna-foods-pvt-ltd`. `None` where too little of it is Latin.
    pub fn suggest(name: &str) -> Option<Slug> {
        let mut slug = String::new();
        for character in name.to_lowercase().chars() {
            if character.is_ascii_alphanumeric() {
                slug.push(character);
            } else if character != '\''
                && character != '’'
                && !slug.is_empty()
                && !slug.ends_with('-')
            {
                slug.push('-');
            }
        }
        let slug = slug.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
        let slug: String = slug.chars().take(40).collect();
        slug.trim_end_matches('-').parse().ok()
    }
}

impl FromStr for Slug {
    type Err = Said;

    fn from_str(typed: &str) -> Result<Slug, Said> {
        let slug = typed.trim().to_ascii_lowercase();
        let length = slug.chars().count();
        if length == 0 {
            return Err(Said::new("Enter a short name."));
        }
        if !(3..=40).contains(&length) {
            return Err(
                Said::new("A short name has 3 to 40 characters; this one has {length}.")
                    .with("length", length),
            );
        }
        let has_shape = slug
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && slug.starts_with(|c: char| c.is_ascii_lowercase())
            && slug.split('-').all(|piece| !piece.is_empty());
        if !has_shape {
            return Err(Said::new(
                "A short name begins with a letter and has the letters a to z, digits and single hyphens, like annapurna-foods.",
            ));
        }
        if RESERVED.contains(&slug.as_str()) {
            return Err(
                Said::new("“{name}” is the address of a page; choose another short name.")
                    .with("name", slug),
            );
        }
        Ok(Slug(slug))
    }
}
