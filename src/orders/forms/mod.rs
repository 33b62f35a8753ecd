//! What was typed about orders, and how it becomes a value.

mod editor;
mod lines;
mod office;
mod portal;

pub use editor::{EditorForm, Op};
pub use lines::{ReadLine, codes, read_lines};
pub use office::{ConfirmLinesForm, NoteForm, StartForm};
pub use portal::{CartForm, Checkout, MOST_PASTED, Misread, PadForm, PadLine, pad_lines};
