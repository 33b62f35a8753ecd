//! Which field a head means: by the field's names, whatever signs, units and words of money stand beside them.

use super::columns;
use crate::imports::importer::{FieldSpec, Heads};
use crate::imports::read::Row;
use std::collections::{BTreeMap, HashSet};

/// A sign of an Indian script that is part of a word, though no letter: all but its full stops.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0900}'..='\u{0DFF}') && !matches!(c, '\u{0964}' | '\u{0965}')
}

/// The words of a head in small letters. Signs that tell what its figures are count as words: a column of percentages is no price, and one of
/// rupees no stock.
fn words(head: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in head.chars() {
        if c.is_alphanumeric() || is_mark(c) {
            word.extend(c.to_lowercase());
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        match c {
            '₹' => words.push("rs".to_owned()),
            '%' => words.push("percent".to_owned()),
            _ => {}
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// The words without what may stand beside the names of a field.
fn bare(words: &[String], field: &FieldSpec) -> Vec<String> {
    let mut left = words.to_vec();
    for phrase in field.beside {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        while let Some(at) = left.windows(phrase.len()).position(|part| part == phrase) {
            left.drain(at..at + phrase.len());
        }
    }
    left
}

/// Whether a head has a word that this field never has.
fn is_barred(words: &[String], field: &FieldSpec) -> bool {
    !field.unless.is_empty()
        && bare(words, field)
            .iter()
            .any(|word| field.unless.contains(&word.as_str()))
}

/// Fields with their names as they are compared: letters and digits in a row.
pub struct Names(Vec<(&'static FieldSpec, Vec<String>, HashSet<String>)>);

impl Names {
    pub fn of(fields: &'static [FieldSpec]) -> Self {
        let named = fields.iter().map(|field| {
            let names: Vec<String> = field
                .synonyms
                .iter()
                .map(|name| words(name).concat())
                .collect();
            let all = names.iter().cloned().collect();
            (field, names, all)
        });
        Self(named.collect())
    }

    /// Whether a head is a name of any field.
    pub fn has(&self, head: &str) -> bool {
        let words = words(head);
        !words.is_empty()
            && self.0.iter().any(|(field, _, names)| {
                !is_barred(&words, field)
                    && (names.contains(&words.concat())
                        || names.contains(&bare(&words, field).concat()))
            })
    }

    /// Finds columns for fields that have none. `whole`: the heads in full, of which `heads` may be the last row alone.
    fn find(
        &self,
        heads: &[Vec<String>],
        whole: &[Vec<String>],
        found: &mut BTreeMap<String, usize>,
    ) {
        let most = self.0.iter().map(|(_, names, _)| names.len()).max();
        // What is said in so many words comes before what has to be made out.
        for is_bare in [false, true] {
            let read = |field: &FieldSpec| -> Vec<String> {
                let heads = heads.iter().zip(whole);
                heads
                    .map(|(head, whole)| match (is_barred(whole, field), is_bare) {
                        (true, _) => String::new(),
                        (false, true) => bare(head, field).concat(),
                        (false, false) => head.concat(),
                    })
                    .collect()
            };
            let read: Vec<Vec<String>> = self.0.iter().map(|(field, ..)| read(field)).collect();
            // The likeliest word of every field comes before the second of any.
            for rank in 0..most.unwrap_or_default() {
                for ((field, names, _), heads) in self.0.iter().zip(&read) {
                    let Some(name) = names.get(rank).filter(|_| !found.contains_key(field.name))
                    else {
                        continue;
                    };
                    let is_free = |column: &usize| !found.values().any(|taken| taken == column);
                    let column = heads
                        .iter()
                        .enumerate()
                        .filter(|(_, head)| *head == name)
                        .map(|(column, _)| column)
                        .find(is_free);
                    if let Some(column) = column {
                        found.insert(field.name.to_owned(), column);
                    }
                }
            }
        }
    }
}

/// Which column is which field: by its whole name, else by the last row of its head; a column is one field at most.
pub fn guess_columns(
    names: &[String],
    heads: Heads,
    rows: &[Row],
    fields: &'static [FieldSpec],
) -> BTreeMap<String, usize> {
    let fields = Names::of(fields);
    let split =
        |names: &[String]| -> Vec<Vec<String>> { names.iter().map(|name| words(name)).collect() };
    let whole = split(names);
    let mut found = BTreeMap::new();
    fields.find(&whole, &whole, &mut found);
    if heads.rows > 1 {
        let last = Heads { rows: 1, ..heads };
        fields.find(&split(&columns(rows, last)), &whole, &mut found);
    }
    found
}
