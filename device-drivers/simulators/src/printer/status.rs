//! The condition of the printer and the status bytes that tell it.

use serde::Serialize;

/// What the paper sensors see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaperSensor {
    /// Enough.
    Full,
    /// The roll is thin.
    NearEnd,
    /// Nothing under the head.
    Out,
}

/// All that decides the status bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
// Each can be so whatever the others are, as in the mechanism.
#[allow(clippy::struct_excessive_bools)]
pub struct Condition {
    /// Paper sensors.
    pub paper: PaperSensor,
    /// The cover is open.
    pub cover_open: bool,
    /// The cutter is jammed.
    pub cutter_error: bool,
    /// Paper is stuck.
    pub jam: bool,
    /// The head is too hot and has to cool down.
    pub head_hot: bool,
    /// Somebody pressed the on-line button.
    pub switched_offline: bool,
}

impl Condition {
    /// All is well.
    pub const SOUND: Self = Self {
        paper: PaperSensor::Full,
        cover_open: false,
        cutter_error: false,
        jam: false,
        head_hot: false,
        switched_offline: false,
    };

    /// True when nothing can be printed.
    pub fn is_offline(&self) -> bool {
        self.paper == PaperSensor::Out
            || self.cover_open
            || self.has_error()
            || self.switched_offline
    }

    fn has_error(self) -> bool {
        self.cutter_error || self.jam || self.head_hot
    }

    /// The causes of an error, as DLE EOT 3 and automatic status agree.
    fn error_bits(self) -> u8 {
        bit(2, self.jam) | bit(3, self.cutter_error) | bit(6, self.head_hot)
    }

    /// The answer to DLE EOT `n`.
    pub fn real_time(&self, n: u8) -> u8 {
        let out = self.paper == PaperSensor::Out;
        0x12 | match n {
            1 => bit(3, self.is_offline()),
            2 => bit(2, self.cover_open) | bit(5, out) | bit(6, self.has_error()),
            3 => self.error_bits(),
            _ => self.near_end(0x0C) | if out { 0x60 } else { 0 },
        }
    }

    /// The answer to GS r `n`.
    pub fn queued(&self, n: u8) -> u8 {
        match n {
            1 => self.paper_bits(),
            _ => 0,
        }
    }

    /// The four bytes of automatic status.
    pub fn automatic(&self) -> [u8; 4] {
        [
            0x10 | bit(3, self.is_offline()) | bit(5, self.cover_open),
            self.error_bits(),
            self.paper_bits(),
            0x0F,
        ]
    }

    /// Which bits of GS a would report the difference to `former`: 02 line, 04 error, 08 paper.
    pub fn differences(&self, former: &Self) -> u8 {
        bit(
            1,
            self.is_offline() != former.is_offline() || self.cover_open != former.cover_open,
        ) | bit(2, self.error_bits() != former.error_bits())
            | bit(3, self.paper != former.paper)
    }

    fn paper_bits(self) -> u8 {
        self.near_end(0x03)
            | if self.paper == PaperSensor::Out {
                0x0C
            } else {
                0
            }
    }

    /// An empty roll is also a thin one.
    fn near_end(self, bits: u8) -> u8 {
        if self.paper == PaperSensor::Full {
            0
        } else {
            bits
        }
    }
}

fn bit(number: u8, set: bool) -> u8 {
    u8::from(set) << number
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(condition: Condition) -> [u8; 4] {
        [1, 2, 3, 4].map(|n| condition.real_time(n))
    }

    #[test]
    fn each_condition_has_its_bits_and_the_fixed_ones_stay() {
        let sound = Condition::SOUND;
        assert_eq!(bytes(sound), [0x12, 0x12, 0x12, 0x12]);
        let near = Condition {
            paper: PaperSensor::NearEnd,
            ..sound
        };
        assert_eq!(bytes(near), [0x12, 0x12, 0x12, 0x1E]);
        assert_eq!(near.queued(1), 0x03);
        let out = Condition {
            paper: PaperSensor::Out,
            ..sound
        };
        assert_eq!(bytes(out), [0x1A, 0x32, 0x12, 0x7E]);
        assert_eq!(
            bytes(Condition {
                cover_open: true,
                ..sound
            }),
            [0x1A, 0x16, 0x12, 0x12]
        );
        assert_eq!(
            bytes(Condition {
                cutter_error: true,
                ..sound
            }),
            [0x1A, 0x52, 0x1A, 0x12]
        );
        for (condition, cause) in [
            (Condition { jam: true, ..sound }, 0x16),
            (
                Condition {
                    head_hot: true,
                    ..sound
                },
                0x52,
            ),
        ] {
            assert_eq!(bytes(condition), [0x1A, 0x52, cause, 0x12]);
        }
        assert_eq!(
            bytes(Condition {
                switched_offline: true,
                ..sound
            }),
            [0x1A, 0x12, 0x12, 0x12]
        );
    }

    #[test]
    fn automatic_status_can_be_told_from_real_time_status() {
        let open = Condition {
            cover_open: true,
            ..Condition::SOUND
        };
        let [first, rest @ ..] = open.automatic();
        assert_eq!(first & 0x93, 0x10);
        assert!(rest.iter().all(|byte| byte & 0x90 == 0));
        assert_eq!(open.differences(&Condition::SOUND), 0x02);
    }
}
