//! Codes look as their scheme says, or somebody should have a look. Nothing is refused for a code.

use super::Found;

/// Characters of a 统一社会信用代码 in the order of their values (GB 32100): no I, O, S, V, Z.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

impl Found<'_> {
    pub(super) fn codes(&mut self) {
        let guide = self.guide;
        if let Some(code) = &guide.department.code
            && code.len() == 18
            && !is_social_credit_code(code)
        {
            self.remind(
                "department.code",
                format!("“{code}”的校验位不对，请核对统一社会信用代码。"),
            );
        } else if let Some(code) = &guide.department.code
            && !matches!(code.len(), 9 | 18)
        {
            self.remind(
                "department.code",
                format!("“{code}”既不是18位的统一社会信用代码，也不是9位的组织机构代码。"),
            );
        }
        for (at, code) in guide.codes.iter().enumerate() {
            if let Some(message) = doubt(&code.scheme, &code.value) {
                self.remind(&format!("codes[{at}]"), message);
            }
        }
    }
}

/// What is odd about a code of this scheme.
fn doubt(scheme: &str, value: &str) -> Option<String> {
    if value.trim() != value || value.is_empty() {
        return Some(format!("“{value}”是空的，或者前后有空格。"));
    }
    match scheme {
        "c0109" => match value.len() {
            12 => None,
            31 | 33 => value
                .get(..18)
                .is_none_or(|department| !is_social_credit_code(department))
                .then(|| format!("“{value}”前18位不是有效的统一社会信用代码。")),
            other => Some(format!("“{value}”有{other}位，应是12位、31位或33位。")),
        },
        "gbt39046" => {
            (value.len() > 24).then(|| format!("“{value}”有{}位，最多24位。", value.len()))
        }
        "sc-item-code" => {
            let parts: Vec<&str> = value.split('-').collect();
            let department = parts.get(3).copied().unwrap_or_default();
            let good = match department.len() {
                18 => is_social_credit_code(department),
                9 => true,
                _ => false,
            };
            (!good).then(|| format!("“{value}”里的部门代码不是18位的统一社会信用代码。"))
        }
        _ => None,
    }
}

/// The scheme that a code seems to follow; `as-published` when there is no telling.
pub fn scheme_of(value: &str) -> &'static str {
    let plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if value.matches('-').count() >= 5 {
        return "sc-item-code";
    }
    match value.len() {
        12 | 31 | 33 if plain => "c0109",
        14 | 15 if plain && value.starts_with("51") => "sc-basic-code",
        10 | 24 if plain => "gbt39046",
        _ => "as-published",
    }
}

/// Whether this is a 统一社会信用代码: 18 characters of which the last is the check character (MOD 31).
pub fn is_social_credit_code(code: &str) -> bool {
    let values: Option<Vec<usize>> = code.chars().map(|c| ALPHABET.find(c)).collect();
    let Some(values) = values.filter(|values| values.len() == 18) else {
        return false;
    };
    let mut weight = 1;
    let mut sum = 0;
    for value in &values[..17] {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    values[17] == (31 - sum % 31) % 31
}
