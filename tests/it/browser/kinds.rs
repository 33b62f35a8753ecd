//! Windows as people have them: at a desk, on a phone, without scripts.

use super::checks;
use crate::support::Window;

/// How somebody sees the pages.
#[derive(Clone, Copy)]
pub struct Kind {
    width: u32,
    has_scripts: bool,
}

impl Kind {
    /// A desk's window, with scripts.
    pub const DESK: Self = Self {
        width: 1440,
        has_scripts: true,
    };

    /// A phone, with scripts.
    pub const PHONE: Self = Self {
        width: 390,
        has_scripts: true,
    };

    /// A desk's window whose pages run no scripts.
    pub const PLAIN: Self = Self {
        width: 1440,
        has_scripts: false,
    };

    /// A fresh window of this kind.
    pub fn open(self) -> Window {
        let window = Window::open();
        window.resize(self.width);
        window.run_scripts(self.has_scripts);
        window
    }

    /// Whether pages run their scripts in it.
    pub fn has_scripts(self) -> bool {
        self.has_scripts
    }

    /// Fails where the page that is shown is wider than the window, or the console complains.
    #[track_caller]
    pub fn look(self, window: &Window) {
        assert_eq!(checks::width(window, self.width), None, "{}", window.url());
        assert_eq!(checks::complaints(window), Vec::<String>::new());
    }

    /// The same, and where axe-core finds something, which needs scripts itself.
    #[track_caller]
    pub fn look_closely(self, window: &Window) {
        if self.has_scripts {
            let found = checks::accessibility(window, self.width);
            assert_eq!(found, Vec::<String>::new());
        }
        self.look(window);
    }
}
