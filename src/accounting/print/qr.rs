//! Codes on paper.

use super::PrintError;
use super::block::{Block, Mark};
use crate::kernel::qr::Grid;
use krilla::geom::{Path, PathBuilder, Rect};
use std::rc::Rc;

/// A code as a block, its quiet zone included.
pub fn code(grid: &Grid, side: f32) -> Block {
    Block {
        marks: vec![Mark::Code {
            x: 0.0,
            y: 0.0,
            side,
            grid: Rc::new(grid.clone()),
        }],
        height: side,
    }
}

/// The dark modules as one path. A hair is added to each run's height, so that no light seam shows between the rows.
pub fn path(grid: &Grid, (x, y): (f32, f32), side: f32) -> Result<Option<Path>, PrintError> {
    let module = side / grid.span() as f32;
    let mut path = PathBuilder::new();
    for (column, row, length) in grid.runs() {
        let (left, top) = (x + column as f32 * module, y + row as f32 * module);
        let rect = Rect::from_xywh(left, top, length as f32 * module, module * 1.02)
            .ok_or(PrintError::Shape)?;
        path.push_rect(rect);
    }
    Ok(path.finish())
}
