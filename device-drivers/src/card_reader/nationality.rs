//! Names of the ethnic groups of China by their code on the card (GB/T 3304).

/// What a card says about belonging: the ethnic group 民族 of a citizen, the country 国籍 of a
/// foreigner.
#[derive(Clone, PartialEq, Eq)]
pub struct Nationality {
    /// Two digits of GB/T 3304 for a citizen, three letters of GB/T 2659 for a foreigner.
    pub code: String,
    /// The ethnic group's name in Chinese; for a foreigner the country code again.
    pub name: String,
}

const OTHER: &str = "其他";

/// Codes 01 to 56, in order.
const GROUPS: [&str; 56] = [
    "汉",
    "蒙古",
    "回",
    "藏",
    "维吾尔",
    "苗",
    "彝",
    "壮",
    "布依",
    "朝鲜",
    "满",
    "侗",
    "瑶",
    "白",
    "土家",
    "哈尼",
    "哈萨克",
    "傣",
    "黎",
    "傈僳",
    "佤",
    "畲",
    "高山",
    "拉祜",
    "水",
    "东乡",
    "纳西",
    "景颇",
    "柯尔克孜",
    "土",
    "达斡尔",
    "仫佬",
    "羌",
    "布朗",
    "撒拉",
    "毛南",
    "仡佬",
    "锡伯",
    "阿昌",
    "普米",
    "塔吉克",
    "怒",
    "乌孜别克",
    "俄罗斯",
    "鄂温克",
    "德昂",
    "保安",
    "裕固",
    "京",
    "塔塔尔",
    "独龙",
    "鄂伦春",
    "赫哲",
    "门巴",
    "珞巴",
    "基诺",
];

impl Nationality {
    /// The ethnic group with a code as written on the card.
    ///
    /// Codes beyond the standard differ between manufacturers and are all shown as 其他: an odd
    /// code is no reason to refuse somebody's card.
    pub fn ethnic_group(code: &str) -> Self {
        let name = match code {
            "98" => "外国血统中国籍人士",
            _ => code
                .parse::<usize>()
                .ok()
                .and_then(|number| number.checked_sub(1))
                .and_then(|index| GROUPS.get(index))
                .unwrap_or(&OTHER),
        };
        Self {
            code: code.to_owned(),
            name: name.to_owned(),
        }
    }

    /// A foreigner's country.
    pub fn country(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            name: code.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_the_names_of_the_standard() {
        for (code, name) in [
            ("01", "汉"),
            ("11", "满"),
            ("23", "高山"),
            ("29", "柯尔克孜"),
            ("43", "乌孜别克"),
            ("46", "德昂"),
            ("56", "基诺"),
            ("97", "其他"),
            ("98", "外国血统中国籍人士"),
        ] {
            assert_eq!(Nationality::ethnic_group(code).name, name, "{code}");
        }
    }

    #[test]
    fn codes_outside_the_table_do_not_break_anything() {
        for code in ["00", "57", "96", "99", "", "A1", "-1", "４"] {
            let group = Nationality::ethnic_group(code);
            assert_eq!(group.name, "其他", "{code}");
            assert_eq!(group.code, code);
        }
    }
}
