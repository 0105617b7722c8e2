//! Files as real exports are: marked, quoted, in other encodings, broken here and there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use encoding_rs::GB18030;
use proptest::prelude::*;

use super::*;

const TABLE: &str = "item_code,name,department,task_type\r\n\
    512B0357300000,申领四川省老年人优待证,青川县民政局,20\r\n\
    511A0148700000,\"林木采伐许可证核发（含\"\"零星\"\"，农户）\",青川县林业局,1\r\n";

fn parse(text: &[u8]) -> ItemFile {
    ItemFile::parse(text, false).unwrap()
}

fn items(file: &ItemFile) -> Vec<&Item> {
    file.lines
        .iter()
        .filter_map(|line| line.item.as_ref().ok())
        .collect()
}

fn bad(file: &ItemFile) -> Vec<(usize, &str)> {
    file.lines
        .iter()
        .filter_map(|line| Some((line.number, line.item.as_ref().err()?.as_str())))
        .collect()
}

#[test]
fn a_table_reads_the_same_in_every_encoding_that_occurs() {
    let plain = parse(TABLE.as_bytes());
    assert_eq!(plain.layout, Layout::Csv);
    assert_eq!(items(&plain).len(), 2);
    assert_eq!(
        items(&plain)[1].name(),
        "林木采伐许可证核发（含\"零星\"，农户）"
    );
    let marked = [b"\xef\xbb\xbf", TABLE.as_bytes()].concat();
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(TABLE.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let (gb, ..) = GB18030.encode(TABLE);
    for (bytes, encoding) in [
        (marked, Encoding::Utf8),
        (utf16, Encoding::Utf16),
        (gb.into_owned(), Encoding::Gb18030),
    ] {
        let file = parse(&bytes);
        assert_eq!(file.encoding, encoding);
        assert_eq!(items(&file), items(&plain), "{encoding:?}");
        let said = file.notes.iter().any(|note| note.contains(encoding.name()));
        assert_eq!(said, encoding != Encoding::Utf8, "{:?}", file.notes);
    }
}

#[test]
fn one_broken_character_does_not_make_a_file_gb18030() {
    let mut bytes = TABLE.as_bytes().to_vec();
    let at = TABLE.find("老年").unwrap();
    bytes[at] = 0xff;
    let file = parse(&bytes);
    assert_eq!(file.encoding, Encoding::Utf8);
    assert_eq!(items(&file).len(), 1);
    assert_eq!(bad(&file)[0].0, 2);
    assert!(bad(&file)[0].1.contains("文字坏了"));
}

#[test]
fn bad_rows_are_told_by_line_and_the_rest_goes_in() {
    let text = "事项编码,事项名称,实施主体,事项类型,备注\n\
        A1,甲事项,甲局,20,\n\
        A2,乙事项\n\
        A3,,丙局,20,\n\
        A1,又是甲,甲局,20,\n\
        \n\
        A4,\"两行的\n名称\",丁局,7,有备注\n\
        A5,戊,己,庚局,20,多出来\n";
    let file = parse(text.as_bytes());
    assert_eq!(items(&file).len(), 2);
    let numbers: Vec<_> = bad(&file).iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, [3, 4, 5, 9]);
    assert!(bad(&file)[0].1.contains("只有2格"));
    assert!(bad(&file)[1].1.contains("事项名称"));
    assert!(bad(&file)[2].1.contains("第2行已经有了"));
    assert!(bad(&file)[3].1.contains("有6格"));
    assert!(file.notes[0].contains("备注"));
}

#[test]
fn a_table_without_the_columns_says_which_are_missing_and_which_are_there() {
    let error = ItemFile::parse("编号,name,部门\nA,b,c\n".as_bytes(), true).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("item_code、task_type"), "{text}");
    assert!(text.contains("编号、name、部门"), "{text}");
}

#[test]
fn what_is_no_text_at_all_is_said() {
    for (bytes, words) in [
        (&b"PK\x03\x04rest"[..], "另存为 CSV"),
        (b"\xd0\xcf\x11\xe0rest", "另存为 CSV"),
        (b"", "什么也没有"),
        (b"  \n\n", "什么也没有"),
        (b"item_code\0", "零字节"),
    ] {
        let text = ItemFile::parse(bytes, false).unwrap_err().to_string();
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn json_is_read_in_each_of_its_layouts() {
    let one = r#"{"item_code":"A1","name":"甲","department":"甲局","task_type":20}"#;
    let two = one.replace("A1", "A2");
    let table = [
        (format!("{one}\n{two}\n"), Layout::JsonLines, 2),
        (format!("[{one},\n{two}]"), Layout::Json, 2),
        (one.replace(',', ",\n"), Layout::Json, 1),
        (format!("{one}\r\n\r\n{two}"), Layout::JsonLines, 2),
    ];
    for (text, layout, count) in table {
        let file = parse(text.as_bytes());
        assert_eq!((file.layout, items(&file).len()), (layout, count), "{text}");
        assert_eq!(items(&file)[0].guide().unwrap().item_type, "20");
    }
}

#[test]
fn bad_lines_are_told_with_their_reason() {
    let good = r#"{"item_code":"A1","name":"甲","department":"甲局","task_type":"20"}"#;
    let long = format!("{{\"item_code\":\"{}\"}}", "x".repeat(LONGEST_LINE));
    let lines = [
        (good, None),
        (r#"{"item_code":"A2","name":"乙""#, Some("没有写完")),
        (
            r#"{"item_code":"A3","name":"丙","department":"丙局"}"#,
            Some("事项类型"),
        ),
        ("[1]", Some("花括号")),
        (r#"{"name":"丁"}"#, Some("没有标识")),
        (
            r#"{"id":"x","name":"戊","item_type":"20"}"#,
            Some("没有 department"),
        ),
        (&long, Some("太长")),
        (good, Some("第1行已经有了")),
    ];
    let text: Vec<&str> = lines.iter().map(|(line, _)| *line).collect();
    let file = parse(text.join("\n").as_bytes());
    for (line, (text, reason)) in file.lines.iter().zip(lines) {
        match (reason, &line.item) {
            (None, Ok(_)) => {}
            (Some(reason), Err(said)) => assert!(said.contains(reason), "{said}"),
            (_, other) => panic!("{text:.80}: {other:?}"),
        }
    }
}

#[test]
fn a_line_of_a_list_makes_a_guide_that_claims_nothing() {
    let file = parse(TABLE.as_bytes());
    let guide = items(&file)[0].guide().unwrap();
    assert_eq!(guide.id.as_str(), "512B0357300000");
    assert_eq!(guide.codes[0].scheme, "sc-basic-code");
    assert_eq!(guide.item_type, "20");
    assert!(guide.is_bare());
    assert!(!guide.is_free(), "nothing was said about fees");
    assert_eq!(
        (guide.visits, guide.terminal, guide.updated_on),
        (None, None, None)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), is_table: bool) {
        let _ = ItemFile::parse(&bytes, is_table);
    }

    #[test]
    fn no_damage_to_a_good_file_makes_the_reader_panic(
        at in 0usize..300, bytes in proptest::collection::vec(any::<u8>(), 0..8), json: bool,
    ) {
        let good = if json {
            "{\"item_code\":\"A1\",\"name\":\"甲\",\"department\":\"甲局\",\"task_type\":\"20\"}\n".repeat(3)
        } else {
            TABLE.to_owned()
        };
        let mut damaged = good.into_bytes();
        let at = at.min(damaged.len());
        damaged.splice(at..at, bytes);
        let _ = ItemFile::parse(&damaged, false);
    }

    #[test]
    fn whatever_the_names_a_quoted_table_gives_them_back(
        names in proptest::collection::vec("[一-龥a-z\",，\r\n 　]{0,12}[一-龥]", 1..8),
    ) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["item_code", "name", "department", "task_type"]).unwrap();
        for (at, name) in names.iter().enumerate() {
            writer.write_record([&format!("A{at}"), name, "甲局", "20"]).unwrap();
        }
        let file = parse(&writer.into_inner().unwrap());
        let read: Vec<&str> = items(&file).iter().map(|item| item.name()).collect();
        let meant: Vec<&str> = names.iter().map(|name| name.trim()).collect();
        prop_assert_eq!(read, meant);
    }
}
