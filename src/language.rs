//! Which language the terminal speaks now, and `t!`, which says a text of `assets/locales/` in it.

/// 界面语言: Chinese, until somebody asks for another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// 中文.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Language {
    /// Name of its file in `assets/locales/`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Chinese => Self::English,
            Self::English => Self::Chinese,
        }
    }

    /// The language of now.
    pub fn current() -> Self {
        if spoken::is_english() {
            Self::English
        } else {
            Self::Chinese
        }
    }

    /// Speaks it from now on, on every screen: one person stands before the terminal.
    pub fn speak(self) {
        spoken::set_english(self == Self::English);
    }
}

/// One language for the whole process.
#[cfg(not(test))]
mod spoken {
    use std::sync::atomic::{AtomicBool, Ordering};

    static ENGLISH: AtomicBool = AtomicBool::new(false);

    pub(super) fn is_english() -> bool {
        ENGLISH.load(Ordering::Relaxed)
    }

    pub(super) fn set_english(english: bool) {
        ENGLISH.store(english, Ordering::Relaxed);
    }
}

/// A text by its key in the language of now, or in another with `locale = …` first after the key.
macro_rules! t {
    ($key:expr, locale = $locale:expr $(, $($rest:tt)*)?) => {
        rust_i18n::t!($key, locale = $locale $(, $($rest)*)?)
    };
    ($key:expr $(, $($rest:tt)*)?) => {
        rust_i18n::t!($key, locale = $crate::language::Language::current().code() $(, $($rest)*)?)
    };
}

/// Tests run side by side in one process: each has its own.
#[cfg(test)]
mod spoken {
    use std::cell::Cell;

    thread_local!(static ENGLISH: Cell<bool> = const { Cell::new(false) });

    pub(super) fn is_english() -> bool {
        ENGLISH.get()
    }

    pub(super) fn set_english(english: bool) {
        ENGLISH.set(english);
    }
}
