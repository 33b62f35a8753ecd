//! The catalogues: every sentence of the product is in them, and everything in them is used.
//!
//! Where this fails after a new sentence: the failure prints the missing keys as lines of JSON. Put them into `locales/hi.json`
//! with the Hindi in place of the English, placeholders in braces kept as they are.

mod catalogues;
mod raw;
mod said;
mod scan;

use raw::raw_texts;
use scan::{SourceFile, faults};
