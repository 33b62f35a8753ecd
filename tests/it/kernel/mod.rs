//! The words that every domain shares, as tables of cases and as properties.

mod contact;
mod dates;
mod device;
mod gst;
mod gst_tables;
mod numbers;
mod words;

use std::fmt::Debug;
use std::str::FromStr;

/// What a wrong text is told, in English.
fn refusal<T: FromStr<Err: ToString> + Debug>(typed: &str) -> String {
    match typed.parse::<T>() {
        Ok(value) => panic!("{typed:?} was taken as {value:?}"),
        Err(said) => said.to_string(),
    }
}
