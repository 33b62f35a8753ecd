//! The fonts that documents are set in, parsed once for the process.

use super::PrintError;
use krilla::text::Font;
use rustybuzz::{Face, ShapePlan, UnicodeBuffer};
use std::sync::OnceLock;
use unicode_script::{Script, UnicodeScript};

static SANS: &[u8] = include_bytes!("../../../static/fonts/NotoSans-Regular.ttf");
static SANS_BOLD: &[u8] = include_bytes!("../../../static/fonts/NotoSans-Bold.ttf");
static DEVANAGARI: &[u8] = include_bytes!("../../../static/fonts/NotoSansDevanagari-Regular.ttf");
static DEVANAGARI_BOLD: &[u8] = include_bytes!("../../../static/fonts/NotoSansDevanagari-Bold.ttf");

/// One font file, as the shaper and as the PDF know it.
pub struct Type {
    /// For the PDF.
    pub font: Font,
    /// For the shaper.
    pub face: Face<'static>,
    /// How the shaper goes about this font's script; making it anew for each word would cost more than the shaping.
    pub plan: ShapePlan,
    /// Units of an em.
    pub units: f32,
}

/// Which of the two scripts' fonts sets a run of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hand {
    /// Latin, figures, signs.
    Latin,
    /// Hindi.
    Devanagari,
}

/// The fonts of all documents.
pub struct Fonts {
    latin: [Type; 2],
    devanagari: [Type; 2],
}

impl Fonts {
    /// The fonts, parsed when they are first asked for.
    pub fn get() -> Result<&'static Fonts, PrintError> {
        static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();
        FONTS
            .get_or_init(Fonts::load)
            .as_ref()
            .ok_or(PrintError::Font)
    }

    fn load() -> Option<Fonts> {
        let latin = rustybuzz::script::LATIN;
        let devanagari = rustybuzz::script::DEVANAGARI;
        Some(Fonts {
            latin: [parse(SANS, latin)?, parse(SANS_BOLD, latin)?],
            devanagari: [
                parse(DEVANAGARI, devanagari)?,
                parse(DEVANAGARI_BOLD, devanagari)?,
            ],
        })
    }

    /// The font of a hand.
    pub fn of(&self, hand: Hand, is_bold: bool) -> &Type {
        let [regular, bold] = match hand {
            Hand::Latin => &self.latin,
            Hand::Devanagari => &self.devanagari,
        };
        if is_bold { bold } else { regular }
    }

    /// Which hand sets a character that comes after one of `before`: signs and spaces stay with their neighbours.
    pub fn hand(&self, character: char, before: Hand) -> Hand {
        match character.script() {
            Script::Devanagari => Hand::Devanagari,
            Script::Common | Script::Inherited => {
                if character.is_ascii_digit() {
                    // Figures are the same in every text, and as wide as those in the columns.
                    return Hand::Latin;
                }
                let has = |hand| self.of(hand, false).face.glyph_index(character).is_some();
                match before {
                    Hand::Devanagari if has(Hand::Devanagari) || !has(Hand::Latin) => {
                        Hand::Devanagari
                    }
                    Hand::Latin if !has(Hand::Latin) && has(Hand::Devanagari) => Hand::Devanagari,
                    _ => Hand::Latin,
                }
            }
            _ => Hand::Latin,
        }
    }
}

fn parse(bytes: &'static [u8], script: rustybuzz::Script) -> Option<Type> {
    let face = Face::from_slice(bytes, 0)?;
    let plan = ShapePlan::new(
        &face,
        rustybuzz::Direction::LeftToRight,
        Some(script),
        None,
        &[],
    );
    Some(Type {
        font: Font::new(bytes.into(), 0)?,
        units: face.units_per_em() as f32,
        face,
        plan,
    })
}

impl Type {
    /// The glyphs of a run, in the order in which they are drawn.
    pub fn shape(&self, text: &str, hand: Hand) -> rustybuzz::GlyphBuffer {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(rustybuzz::Direction::LeftToRight);
        buffer.set_script(match hand {
            Hand::Latin => rustybuzz::script::LATIN,
            Hand::Devanagari => rustybuzz::script::DEVANAGARI,
        });
        rustybuzz::shape_with_plan(&self.face, &self.plan, buffer)
    }
}
