//! The check digit of a 公民身份号码 (GB 11643, ISO 7064 MOD 11-2), for numbers that are typed.

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK: [u8; 11] = *b"10X98765432";

/// True when `number` has 18 characters and its last one is the right check digit.
pub(super) fn check_digit_agrees(number: &str) -> bool {
    let bytes = number.as_bytes();
    let Some((check, digits)) = bytes.split_last() else {
        return false;
    };
    if digits.len() != WEIGHTS.len() || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    CHECK[(sum % 11) as usize] == check.to_ascii_uppercase()
}
