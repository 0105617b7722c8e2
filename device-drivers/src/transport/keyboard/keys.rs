//! From keys to text, on the keyboard of the United States, which is what scanners type on unless
//! they were told otherwise. Letters outside ASCII do not come through a keyboard.

use evdev::KeyCode;

/// Follows the shift keys.
#[derive(Debug, Default)]
pub(super) struct Typist {
    left_shift: bool,
    right_shift: bool,
    capitals: bool,
}

/// Values of a key event.
const RELEASED: i32 = 0;
const PRESSED: i32 = 1;

impl Typist {
    /// Takes a key event; gives the byte that it types. A key that repeats because it is held
    /// down types once: scanners do not hold keys.
    pub(super) fn key(&mut self, key: KeyCode, value: i32) -> Option<u8> {
        match key {
            KeyCode::KEY_LEFTSHIFT => self.left_shift = value != RELEASED,
            KeyCode::KEY_RIGHTSHIFT => self.right_shift = value != RELEASED,
            KeyCode::KEY_CAPSLOCK if value == PRESSED => self.capitals = !self.capitals,
            _ if value == PRESSED => {
                let shift = self.left_shift || self.right_shift;
                let (plain, shifted) = signs(key)?;
                let upper = shift ^ (self.capitals && plain.is_ascii_lowercase());
                return Some(if upper { shifted } else { plain });
            }
            _ => {}
        }
        None
    }
}

/// What a key types, alone and with shift.
fn signs(key: KeyCode) -> Option<(u8, u8)> {
    const ROWS: [(u16, &[u8], &[u8]); 4] = [
        (KeyCode::KEY_1.0, b"1234567890-=", b"!@#$%^&*()_+"),
        (KeyCode::KEY_Q.0, b"qwertyuiop[]", b"QWERTYUIOP{}"),
        (KeyCode::KEY_A.0, b"asdfghjkl;'`", b"ASDFGHJKL:\"~"),
        (KeyCode::KEY_BACKSLASH.0, b"\\zxcvbnm,./", b"|ZXCVBNM<>?"),
    ];
    for (first, plain, shifted) in ROWS {
        if let Some(at) = key.0.checked_sub(first).map(usize::from)
            && let (Some(&plain), Some(&shifted)) = (plain.get(at), shifted.get(at))
        {
            return Some((plain, shifted));
        }
    }
    let same = |byte| Some((byte, byte));
    match key {
        KeyCode::KEY_ENTER | KeyCode::KEY_KPENTER => same(b'\r'),
        KeyCode::KEY_TAB => same(b'\t'),
        KeyCode::KEY_SPACE => same(b' '),
        KeyCode::KEY_KPASTERISK => same(b'*'),
        KeyCode::KEY_KPMINUS => same(b'-'),
        KeyCode::KEY_KPPLUS => same(b'+'),
        KeyCode::KEY_KPDOT => same(b'.'),
        KeyCode::KEY_KPSLASH => same(b'/'),
        KeyCode::KEY_KP0 => same(b'0'),
        KeyCode::KEY_KP1 => same(b'1'),
        KeyCode::KEY_KP2 => same(b'2'),
        KeyCode::KEY_KP3 => same(b'3'),
        KeyCode::KEY_KP4 => same(b'4'),
        KeyCode::KEY_KP5 => same(b'5'),
        KeyCode::KEY_KP6 => same(b'6'),
        KeyCode::KEY_KP7 => same(b'7'),
        KeyCode::KEY_KP8 => same(b'8'),
        KeyCode::KEY_KP9 => same(b'9'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(events: &[(KeyCode, i32)]) -> String {
        let mut typist = Typist::default();
        let bytes = events.iter().filter_map(|&(key, v)| typist.key(key, v));
        bytes.map(char::from).collect()
    }

    #[test]
    fn shift_counts_while_it_is_held_and_repeats_do_not() {
        let events = [
            (KeyCode::KEY_LEFTSHIFT, 1),
            (KeyCode::KEY_A, 1),
            (KeyCode::KEY_A, 2),
            (KeyCode::KEY_A, 0),
            (KeyCode::KEY_2, 1),
            (KeyCode::KEY_LEFTSHIFT, 0),
            (KeyCode::KEY_A, 1),
            (KeyCode::KEY_GRAVE, 1),
            (KeyCode::KEY_SLASH, 1),
            (KeyCode::KEY_KP7, 1),
            (KeyCode::KEY_F1, 1),
            (KeyCode::KEY_ENTER, 1),
        ];
        assert_eq!(typed(&events), "A@a`/7\r");
    }

    #[test]
    fn capitals_lock_turns_letters_over_and_leaves_digits() {
        let events = [
            (KeyCode::KEY_CAPSLOCK, 1),
            (KeyCode::KEY_CAPSLOCK, 0),
            (KeyCode::KEY_B, 1),
            (KeyCode::KEY_3, 1),
            (KeyCode::KEY_RIGHTSHIFT, 1),
            (KeyCode::KEY_B, 1),
        ];
        assert_eq!(typed(&events), "B3b");
    }
}
