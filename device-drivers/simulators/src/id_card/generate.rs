//! Cards made from a seed: invented people of 青川县 and its guests.

use super::holder::{Card, Holder, check_digit};

/// 广元市青川县
const DISTRICT: &str = "510822";
const SURNAMES: &[&str] = &["王", "李", "何", "蒲", "赵", "杨", "青", "母", "贾", "罗"];
const WOMEN: &[&str] = &["桂兰", "秀英", "玉珍", "素华", "春梅", "友芳"];
const MEN: &[&str] = &["德顺", "建国", "开贵", "永福", "明江", "正全"];
const VILLAGES: &[&str] = &[
    "竹园镇梁沙坝村3组12号",
    "乔庄镇大沟村2组7号",
    "沙州镇江边村5组31号",
    "青溪镇阴平村1组4号",
    "姚渡镇柳田村6组19号",
];

/// All cards that `place` can name when no file of cards is given.
pub fn cards(seed: u64) -> Vec<Card> {
    let mut rng = fastrand::Rng::with_seed(seed);
    vec![
        // The person whom the terminal is built for: a woman of eighty-one.
        resident(&mut rng, "default", "王桂兰", '2', "19450312", "01"),
        random(&mut rng, "neighbour", '1', "19580921", "01"),
        random(&mut rng, "agent", '2', "19860705", "01"),
        random(&mut rng, "young", '1', "20040518", "01"),
        random(&mut rng, "hui", '1', "19690209", "03"),
        // 𬭎 lies outside the basic plane: a surrogate pair on the card, four bytes in GB 18030.
        resident(&mut rng, "rare-name", "何𬭎", '1', "19771130", "33"),
        moved(&mut rng),
        hk_macao_taiwan(),
        foreigner_2017(),
        foreigner_2023(),
    ]
}

fn random(rng: &mut fastrand::Rng, id: &str, sex: char, birth: &str, nationality: &str) -> Card {
    let given = if sex == '2' { WOMEN } else { MEN };
    let name = format!("{}{}", pick(rng, SURNAMES), pick(rng, given));
    resident(rng, id, &name, sex, birth, nationality)
}

fn resident(
    rng: &mut fastrand::Rng,
    id: &str,
    name: &str,
    sex: char,
    birth: &str,
    nationality: &str,
) -> Card {
    let elderly = birth < "1978";
    Card {
        id: id.into(),
        holder: Holder::Resident {
            name: name.into(),
            sex,
            nationality: nationality.into(),
            birth: birth.into(),
            address: format!("四川省青川县{}", pick(rng, VILLAGES)),
            number: number(rng, DISTRICT, birth, sex),
            authority: "青川县公安局".into(),
            valid_from: "20240416".into(),
            valid_to: if elderly {
                "长期".into()
            } else {
                "20440416".into()
            },
        },
        new_addresses: Vec::new(),
    }
}

fn moved(rng: &mut fastrand::Rng) -> Card {
    Card {
        new_addresses: vec![
            "四川省青川县乔庄镇新华街88号".into(),
            "四川省青川县竹园镇将军路16号".into(),
        ],
        ..random(rng, "moved", '2', "19901002", "01")
    }
}

fn hk_macao_taiwan() -> Card {
    Card {
        id: "hk-macao-taiwan".into(),
        holder: Holder::HkMacaoTaiwan {
            name: "陈试样".into(),
            sex: '2',
            birth: "19940823".into(),
            address: "四川省青川县青溪镇阴平村1组4号".into(),
            number: "810000199408230021".into(),
            authority: "青川县公安局".into(),
            valid_from: "20230801".into(),
            valid_to: "20280801".into(),
            travel_permit: "H00000001".into(),
            issues: "01".into(),
        },
        new_addresses: Vec::new(),
    }
}

fn foreigner_2017() -> Card {
    Card {
        id: "foreigner-2017".into(),
        holder: Holder::Foreigner2017 {
            english_name: "SPECIMEN, JANE ELIZABETH".into(),
            sex: '2',
            number: "CAN110081010001".into(),
            country: "CAN".into(),
            chinese_name: "简试样".into(),
            valid_from: "20220701".into(),
            valid_to: "20320701".into(),
            birth: "19810101".into(),
            version: "01".into(),
            authority_code: "5100".into(),
        },
        new_addresses: Vec::new(),
    }
}

fn foreigner_2023() -> Card {
    let body = "95112419810803999";
    Card {
        id: "foreigner-2023".into(),
        holder: Holder::Foreigner2023 {
            chinese_name: "戈试样".into(),
            sex: '1',
            renewals: "00".into(),
            birth: "19810803".into(),
            english_name: "SPECIMEN, ALEXANDER MAXIMILIAN CHRISTOPHER".into(),
            number: format!("{body}{}", check_digit(body)),
            valid_from: "20240105".into(),
            valid_to: "20340105".into(),
            country: "CAN".into(),
        },
        new_addresses: Vec::new(),
    }
}

/// A number with a serial of 996 to 999, which the standard keeps for people over a hundred:
/// it belongs to nobody born on such a day.
fn number(rng: &mut fastrand::Rng, district: &str, birth: &str, sex: char) -> String {
    let serial = 996 + 2 * rng.u16(0..2) + u16::from(sex == '1');
    let body = format!("{district}{birth}{serial}");
    let digit = check_digit(&body);
    format!("{body}{digit}")
}

fn pick<'a>(rng: &mut fastrand::Rng, list: &[&'a str]) -> &'a str {
    list[rng.usize(0..list.len())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id_card::layout::text_block;

    #[test]
    fn every_generated_card_fits_its_layout_and_has_a_valid_number() {
        for seed in 0..50 {
            for card in cards(seed) {
                assert_eq!(text_block(&card.holder).map(|block| block.len()), Ok(256));
                let mut holder = card.holder.clone();
                let number = holder.number_mut().clone();
                if number.len() == 18 {
                    assert_eq!(number.chars().last(), Some(check_digit(&number[..17])));
                }
            }
        }
    }

    #[test]
    fn a_card_in_a_file_is_the_same_card() -> serde_json::Result<()> {
        for card in cards(1) {
            let text = serde_json::to_string(&card)?;
            assert!(text.contains(r#""kind":""#), "{text}");
            assert_eq!(serde_json::from_str::<Card>(&text)?, card);
        }
        Ok(())
    }

    #[test]
    fn the_same_seed_gives_the_same_people() {
        assert_eq!(cards(7), cards(7));
        assert_ne!(cards(7), cards(8));
    }
}
