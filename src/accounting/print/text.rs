//! Text into glyphs: runs of one script, shaped, measured, and broken into lines.

use super::PrintError;
use super::fonts::{Fonts, Hand};
use krilla::text::{GlyphId, KrillaGlyph};
use std::collections::HashMap;
use std::rc::Rc;

/// A piece of text of one font: its glyphs, with their places in ems.
#[derive(Debug)]
pub struct Run {
    /// Which font.
    pub hand: Hand,
    /// The text, to which the glyphs refer.
    pub text: String,
    /// The glyphs.
    pub glyphs: Vec<KrillaGlyph>,
    /// How wide it is, in ems.
    pub width: f32,
}

/// A line of text, shaped.
#[derive(Debug)]
pub struct Line {
    /// Its runs, from the left.
    pub runs: Vec<Run>,
    /// Whether it is bold.
    pub is_bold: bool,
    /// How wide it is, in ems.
    pub width: f32,
}

/// The ids of the glyphs that a text becomes: for tests of shaping.
pub fn shape(text: &str) -> Result<Vec<u32>, PrintError> {
    let mut setter = Setter::new()?;
    let line = setter.line(text, false);
    Ok(line
        .runs
        .iter()
        .flat_map(|run| run.glyphs.iter().map(|glyph| glyph.glyph_id.to_u32()))
        .collect())
}

/// Shapes lines and remembers them: a document says many things more than once.
pub struct Setter {
    fonts: &'static Fonts,
    known: HashMap<(bool, String), Rc<Line>>,
}

impl Setter {
    /// A setter that knows nothing yet.
    pub fn new() -> Result<Setter, PrintError> {
        Ok(Setter {
            fonts: Fonts::get()?,
            known: HashMap::new(),
        })
    }

    /// The fonts it sets in.
    pub fn fonts(&self) -> &'static Fonts {
        self.fonts
    }

    /// A text on one line, however long it is.
    pub fn line(&mut self, text: &str, is_bold: bool) -> Rc<Line> {
        let key = (is_bold, text.to_owned());
        if let Some(line) = self.known.get(&key) {
            return Rc::clone(line);
        }
        let line = Rc::new(self.shaped(text, is_bold));
        self.known.insert(key, Rc::clone(&line));
        line
    }

    /// How wide a text is at a size, in points.
    pub fn width(&mut self, text: &str, is_bold: bool, size: f32) -> f32 {
        self.line(text, is_bold).width * size
    }

    /// A text broken into lines that are no wider than `room`, in points.
    pub fn wrap(&mut self, text: &str, is_bold: bool, size: f32, room: f32) -> Vec<Rc<Line>> {
        let whole = self.line(text, is_bold);
        if whole.width * size <= room {
            return vec![whole];
        }
        let mut lines = Vec::new();
        let mut current = String::new();
        for word in text.split_whitespace() {
            let longer = if current.is_empty() {
                word.to_owned()
            } else {
                format!("{current} {word}")
            };
            if self.width(&longer, is_bold, size) <= room {
                current = longer;
                continue;
            }
            if !current.is_empty() {
                lines.push(self.line(&current, is_bold));
            }
            current = self.last_piece(word, is_bold, size, room, &mut lines);
        }
        lines.push(self.line(&current, is_bold));
        lines
    }

    /// Breaks a word that is wider than the room, like an address without spaces, and gives back its last piece.
    fn last_piece(
        &mut self,
        word: &str,
        is_bold: bool,
        size: f32,
        room: f32,
        lines: &mut Vec<Rc<Line>>,
    ) -> String {
        let mut piece = String::new();
        for character in word.chars() {
            let longer = format!("{piece}{character}");
            let is_too_wide = self.shaped(&longer, is_bold).width * size > room;
            // Never between a letter and the signs that belong to it.
            if is_too_wide && !piece.is_empty() && !joins(character) && !piece.ends_with(VIRAMA) {
                lines.push(self.line(&piece, is_bold));
                piece = character.to_string();
            } else {
                piece = longer;
            }
        }
        piece
    }

    fn shaped(&self, text: &str, is_bold: bool) -> Line {
        let mut runs: Vec<Run> = Vec::new();
        for (hand, piece) in self.pieces(text) {
            runs.push(self.run(piece, hand, is_bold));
        }
        let width = runs.iter().map(|run| run.width).sum();
        Line {
            runs,
            is_bold,
            width,
        }
    }

    /// The text cut where its font changes.
    fn pieces<'t>(&self, text: &'t str) -> Vec<(Hand, &'t str)> {
        let mut pieces = Vec::new();
        let mut start = 0;
        let mut hand = Hand::Latin;
        for (index, character) in text.char_indices() {
            let next = self.fonts.hand(character, hand);
            if next != hand {
                if index > start {
                    pieces.push((hand, text.get(start..index).unwrap_or_default()));
                }
                start = index;
                hand = next;
            }
        }
        if start < text.len() {
            pieces.push((hand, text.get(start..).unwrap_or_default()));
        }
        pieces
    }

    fn run(&self, text: &str, hand: Hand, is_bold: bool) -> Run {
        let font = self.fonts.of(hand, is_bold);
        let shaped = font.shape(text, hand);
        let infos = shaped.glyph_infos();
        let mut starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
        starts.push(text.len());
        starts.sort_unstable();
        starts.dedup();
        let mut width = 0.0;
        let mut glyphs = Vec::with_capacity(infos.len());
        for (info, place) in infos.iter().zip(shaped.glyph_positions()) {
            let start = info.cluster as usize;
            let end = starts
                .get(starts.partition_point(|known| *known <= start))
                .copied()
                .unwrap_or(text.len());
            let advance = place.x_advance as f32 / font.units;
            width += advance;
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                advance,
                place.x_offset as f32 / font.units,
                place.y_offset as f32 / font.units,
                0.0,
                start..end,
                None,
            ));
        }
        Run {
            hand,
            text: text.to_owned(),
            glyphs,
            width,
        }
    }
}

/// Joins the consonants on either side of it.
const VIRAMA: char = '\u{094D}';

/// Whether a character belongs to the one before it.
fn joins(character: char) -> bool {
    matches!(character, '\u{0900}'..='\u{0903}' | '\u{093A}'..='\u{094F}' | '\u{0951}'..='\u{0957}' | '\u{0962}'..='\u{0963}' | '\u{200C}'..='\u{200D}' | '\u{0300}'..='\u{036F}')
}
