//! What was typed about orders, and how it becomes a value.

mod editor;
mod office;

pub use editor::{EditorForm, Op, ReadLine, codes, read_lines};
pub use office::{ConfirmLinesForm, NoteForm, ReasonForm, StartForm};
