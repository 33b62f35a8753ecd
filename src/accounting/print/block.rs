//! What is drawn, before it has its place on a page: marks with places of their own inside a block.

use super::colour::Colour;
use super::text::{Line, Setter};
use crate::accounting::views::sheet::Label;
use crate::kernel::qr::Grid;
use krilla::image::Image;
use std::rc::Rc;

/// Height of a line of text for its size: room for what stands above and below Devanagari letters.
pub const LEADING: f32 = 1.36;

/// How text looks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Its size in points.
    pub size: f32,
    /// Whether it is bold.
    pub is_bold: bool,
    /// Its colour.
    pub colour: Colour,
}

impl Style {
    /// Text to be read.
    pub fn ink(size: f32) -> Style {
        Style {
            size,
            is_bold: false,
            colour: Colour::INK,
        }
    }

    /// Text to be read first.
    pub fn bold(size: f32) -> Style {
        Style {
            is_bold: true,
            ..Style::ink(size)
        }
    }

    /// Text to be read second.
    pub fn quiet(size: f32) -> Style {
        Style {
            colour: Colour::QUIET,
            ..Style::ink(size)
        }
    }

    /// The same in another colour.
    #[must_use]
    pub fn in_colour(self, colour: Colour) -> Style {
        Style { colour, ..self }
    }
}

/// At which side of its room a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// At the left.
    Left,
    /// At the right.
    Right,
    /// In the middle.
    Middle,
}

/// Something drawn, in points from the left top corner; text stands on its `y`.
#[derive(Clone, Debug)]
pub enum Mark {
    /// A line of text.
    Text {
        x: f32,
        y: f32,
        line: Rc<Line>,
        size: f32,
        colour: Colour,
    },
    /// A filled box, its corners rounded by `radius`.
    Fill {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        radius: f32,
        colour: Colour,
    },
    /// A code to be scanned, with its quiet zone.
    Code {
        x: f32,
        y: f32,
        side: f32,
        grid: Rc<Grid>,
    },
    /// A picture.
    Picture {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        image: Image,
    },
    /// Large words across the page, through which everything can be read.
    Stamp { line: Rc<Line>, size: f32 },
}

impl Mark {
    fn moved(mut self, dx: f32, dy: f32) -> Mark {
        match &mut self {
            Mark::Text { x, y, .. }
            | Mark::Fill { x, y, .. }
            | Mark::Code { x, y, .. }
            | Mark::Picture { x, y, .. } => {
                *x += dx;
                *y += dy;
            }
            Mark::Stamp { .. } => {}
        }
        self
    }
}

/// Marks that belong together, and how high they are.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// What is drawn.
    pub marks: Vec<Mark>,
    /// From its top to its foot.
    pub height: f32,
}

impl Block {
    /// Puts another block into this one.
    pub fn put(&mut self, x: f32, y: f32, other: Block) {
        self.height = self.height.max(y + other.height);
        self.marks
            .extend(other.marks.into_iter().map(|mark| mark.moved(x, y)));
    }

    /// Puts another block below what is there.
    pub fn add(&mut self, x: f32, other: Block) {
        let y = self.height;
        self.put(x, y, other);
    }

    /// Leaves room below what is there.
    pub fn space(&mut self, points: f32) {
        self.height += points;
    }

    /// A filled box, which counts towards the height.
    pub fn fill(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), colour: Colour) {
        self.height = self.height.max(y + height);
        self.marks.push(Mark::Fill {
            x,
            y,
            width,
            height,
            radius: 0.0,
            colour,
        });
    }
}

/// A text in a room of a width, broken into lines where it is longer.
pub fn text(setter: &mut Setter, text: &str, style: Style, room: f32, side: Side) -> Block {
    let mut block = Block::default();
    if text.is_empty() {
        return block;
    }
    let leading = style.size * LEADING;
    for line in setter.wrap(text, style.is_bold, style.size, room) {
        let rest = room - line.width * style.size;
        let x = match side {
            Side::Left => 0.0,
            Side::Right => rest,
            Side::Middle => rest / 2.0,
        };
        block.marks.push(Mark::Text {
            x,
            y: block.height + leading * 0.76,
            line,
            size: style.size,
            colour: style.colour,
        });
        block.height += leading;
    }
    block
}

/// A label, its second language small below it.
pub fn label(setter: &mut Setter, label: &Label, style: Style, room: f32, side: Side) -> Block {
    let mut block = text(setter, &label.text, style, room, side);
    if let Some(second) = &label.second {
        let smaller = Style {
            size: style.size * 0.86,
            is_bold: false,
            ..style
        };
        block.add(0.0, text(setter, second, smaller, room, side));
    }
    block
}
