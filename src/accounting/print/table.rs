//! Tables: how wide each column is, and a row as a block.

use super::block::{Block, LEADING, Side, Style, label, text};
use super::colour::Colour;
use super::text::Setter;
use crate::accounting::views::sheet::{Cell, Column, Table};

/// Sizes of text to try, until the growing column has room.
const SIZES: [f32; 5] = [8.0, 7.5, 7.0, 6.5, 6.0];
/// The least room of a growing column.
const LEAST: f32 = 128.0;
/// Room at either side of a cell.
const PAD: f32 = 3.5;

/// A table with its columns measured.
pub struct Measured<'t> {
    table: &'t Table,
    widths: Vec<f32>,
    size: f32,
    room: f32,
    hue: u16,
    /// Room above and below the text of a row.
    air: (f32, f32),
}

impl<'t> Measured<'t> {
    /// Measures a table for a room; the text gets smaller where the figures need much of it.
    pub fn of(setter: &mut Setter, table: &'t Table, room: f32, hue: u16) -> Measured<'t> {
        let growing = table.columns.iter().filter(|column| column.grows).count();
        let mut measured = Measured {
            table,
            widths: Vec::new(),
            size: 0.0,
            room,
            hue,
            air: (3.6, 3.2),
        };
        for size in SIZES {
            measured.size = size;
            measured.widths = table
                .columns
                .iter()
                .enumerate()
                .map(|(index, column)| match column.grows {
                    true => 0.0,
                    false => natural(setter, table, column, index, size),
                })
                .collect();
            let rest = room - measured.widths.iter().sum::<f32>();
            if rest >= LEAST * growing as f32 || (growing == 0 && rest >= 0.0) {
                break;
            }
        }
        let rest = (room - measured.widths.iter().sum::<f32>()).max(0.0);
        let columns = table.columns.len().max(1) as f32;
        for (width, column) in measured.widths.iter_mut().zip(&table.columns) {
            if column.grows {
                *width = rest / growing as f32;
            } else if growing == 0 {
                *width += rest / columns;
            }
        }
        measured
    }

    /// The same for a summary, which is read less: its rows stand closer.
    pub fn dense(setter: &mut Setter, table: &'t Table, room: f32, hue: u16) -> Measured<'t> {
        Measured {
            air: (1.6, 1.4),
            ..Measured::of(setter, table, room, hue)
        }
    }

    /// The heads of the columns.
    pub fn head(&self, setter: &mut Setter) -> Block {
        let style = Style::bold(self.size * 0.94).in_colour(Colour::accent(self.hue));
        let mut cells = Block::default();
        let mut x = 0.0;
        for (column, width) in self.table.columns.iter().zip(&self.widths) {
            let inside = width - 2.0 * PAD;
            let head = label(setter, &column.label, style, inside, side(column));
            cells.put(x + PAD, 0.0, head);
            x += width;
        }
        let height = cells.height + 7.0;
        let mut block = Block::default();
        block.fill((0.0, 0.0), (self.room, height), Colour::tint(self.hue));
        block.fill(
            (0.0, height - 0.8),
            (self.room, 0.8),
            Colour::accent(self.hue),
        );
        block.put(0.0, 3.5, cells);
        block
    }

    /// A row of the table, with the line below it.
    pub fn row(&self, setter: &mut Setter, cells: &[Cell]) -> Block {
        let (above, below) = self.air;
        let mut block = self.cells(setter, cells, Style::ink(self.size), above);
        block.space(below);
        let y = block.height;
        block.fill((0.0, y), (self.room, 0.5), Colour::HAIR);
        block
    }

    /// The sums below the rows.
    pub fn foot(&self, setter: &mut Setter) -> Option<Block> {
        let cells = self.table.foot.as_ref()?;
        let mut block = Block::default();
        block.fill((0.0, 0.0), (self.room, 0.8), Colour::accent(self.hue));
        block.put(
            0.0,
            0.0,
            self.cells(setter, cells, Style::bold(self.size), 4.2),
        );
        block.space(3.5);
        Some(block)
    }

    /// The whole table in one piece, for short ones.
    pub fn whole(&self, setter: &mut Setter) -> Block {
        let mut block = self.head(setter);
        for row in &self.table.rows {
            let row = self.row(setter, row);
            block.add(0.0, row);
        }
        if let Some(foot) = self.foot(setter) {
            block.add(0.0, foot);
        }
        block
    }

    fn cells(&self, setter: &mut Setter, cells: &[Cell], style: Style, above: f32) -> Block {
        let mut block = Block::default();
        let mut x = 0.0;
        let quiet = Style {
            size: style.size * 0.9,
            ..Style::quiet(style.size)
        };
        for (index, column) in self.table.columns.iter().enumerate() {
            let width = self.widths.get(index).copied().unwrap_or_default();
            let Some(cell) = cells.get(index) else { break };
            let inside = width - 2.0 * PAD;
            let mut inner = text(setter, &cell.text, style, inside, side(column));
            for below in &cell.below {
                inner.add(0.0, text(setter, below, quiet, inside, side(column)));
            }
            // A cell without a text, like the word at the foot, may be longer than its column.
            block.put(x + PAD, above, inner);
            x += width;
        }
        block.height = block.height.max(above + style.size * LEADING);
        block
    }
}

fn side(column: &Column) -> Side {
    if column.is_number {
        Side::Right
    } else {
        Side::Left
    }
}

/// What a column needs so that none of its cells has to break.
fn natural(setter: &mut Setter, table: &Table, column: &Column, index: usize, size: f32) -> f32 {
    let mut width: f32 = 0.0;
    let words = column.label.text.split_whitespace();
    let seconds = column
        .label
        .second
        .iter()
        .flat_map(|s| s.split_whitespace());
    for word in words {
        width = width.max(setter.width(word, true, size * 0.94));
    }
    for word in seconds {
        width = width.max(setter.width(word, false, size * 0.81));
    }
    for row in table.rows.iter().chain(&table.foot) {
        let Some(cell) = row.get(index) else { continue };
        let is_bold = table
            .foot
            .as_ref()
            .is_some_and(|foot| std::ptr::eq(foot, row));
        width = width.max(setter.width(&cell.text, is_bold, size));
        for below in &cell.below {
            width = width.max(setter.width(below, false, size * 0.9));
        }
    }
    // A hair more than it is, so that rounding never breaks a figure in two.
    width + 2.0 * PAD + 0.2
}
