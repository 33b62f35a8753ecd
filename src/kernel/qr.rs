//! QR codes as a grid of modules: drawn as a path on the screen and as rectangles in a PDF.

use qrcode::{Color, EcLevel, QrCode};

/// How much of a code may be lost before it can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// 7 in 100: for long texts, so that the modules stay large.
    Low,
    /// 15 in 100.
    Medium,
}

/// The modules of a code, row by row, without the quiet zone around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    side: usize,
    dark: Vec<bool>,
}

impl Grid {
    /// Modules that stay light on every side of a code.
    pub const QUIET: usize = 4;

    /// The code of a text; `None` where it is longer than a code can hold.
    pub fn of(text: &str, strength: Strength) -> Option<Grid> {
        let level = match strength {
            Strength::Low => EcLevel::L,
            Strength::Medium => EcLevel::M,
        };
        let code = QrCode::with_error_correction_level(text, level).ok()?;
        Some(Grid {
            side: code.width(),
            dark: code
                .to_colors()
                .into_iter()
                .map(|colour| colour == Color::Dark)
                .collect(),
        })
    }

    /// Modules along a side, the quiet zone left out.
    pub fn side(&self) -> usize {
        self.side
    }

    /// Modules along a side with the quiet zone: the side of the `viewBox`.
    pub fn span(&self) -> usize {
        self.side + 2 * Grid::QUIET
    }

    /// Runs of dark modules in a row as (column, row, length), with the quiet zone counted.
    pub fn runs(&self) -> Vec<(usize, usize, usize)> {
        let mut runs = Vec::new();
        for (row, modules) in self.dark.chunks(self.side.max(1)).enumerate() {
            let mut column = 0;
            while let Some(module) = modules.get(column) {
                let length = modules
                    .iter()
                    .skip(column)
                    .take_while(|dark| *dark == module)
                    .count();
                if *module {
                    runs.push((column + Grid::QUIET, row + Grid::QUIET, length));
                }
                column += length;
            }
        }
        runs
    }

    /// The dark modules as the `d` of an SVG path, one unit a module.
    pub fn path(&self) -> String {
        let runs = self.runs();
        let mut path = String::with_capacity(runs.len() * 14);
        for (column, row, length) in runs {
            path.push_str(&format!("M{column} {row}h{length}v1h-{length}z"));
        }
        path
    }
}
