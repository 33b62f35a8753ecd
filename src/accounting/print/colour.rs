//! Colours, worked out from the company's hue as the screen does it.

/// A colour for ink and paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    /// Red, green and blue.
    pub rgb: [u8; 3],
}

impl Colour {
    /// Text.
    pub const INK: Colour = Colour { rgb: [24, 22, 20] };
    /// Text that is read second.
    pub const QUIET: Colour = Colour { rgb: [92, 89, 85] };
    /// Lines between rows.
    pub const HAIR: Colour = Colour {
        rgb: [219, 217, 214],
    };
    /// Paper.
    pub const PAPER: Colour = Colour {
        rgb: [255, 255, 255],
    };
    /// What must not be missed.
    pub const ALARM: Colour = Colour { rgb: [176, 32, 32] };
    /// The same as a ground for text.
    pub const ALARM_GROUND: Colour = Colour {
        rgb: [252, 238, 236],
    };

    /// The company's colour for titles and rules.
    pub fn accent(hue: u16) -> Colour {
        Colour::oklch(0.42, 0.14, hue)
    }

    /// The same as a ground for heads of tables.
    pub fn tint(hue: u16) -> Colour {
        Colour::oklch(0.955, 0.02, hue)
    }

    /// A colour by lightness, chroma and hue (OKLCH), the nearest that a screen or a printer has.
    pub fn oklch(lightness: f64, chroma: f64, hue: u16) -> Colour {
        let angle = f64::from(hue).to_radians();
        let (a, b) = (chroma * angle.cos(), chroma * angle.sin());
        let cube = |x: f64| x * x * x;
        let l = cube(lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b);
        let m = cube(lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b);
        let s = cube(lightness - 0.089_484_177_5 * a - 1.291_485_548 * b);
        let linear = [
            4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
            -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
            -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s,
        ];
        Colour {
            rgb: linear.map(|part| {
                let part = part.clamp(0.0, 1.0);
                let part = if part <= 0.003_130_8 {
                    12.92 * part
                } else {
                    1.055 * part.powf(1.0 / 2.4) - 0.055
                };
                (part * 255.0).round() as u8
            }),
        }
    }
}
