//! Each rule, with a guide that keeps it and one that breaks it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};

use super::*;

/// A licence that keeps every rule.
fn good() -> Value {
    let sample = json!({"digest": "0".repeat(64), "length": 1, "media_type": "image/svg+xml", "name": "样张"});
    json!({
        "id": "a", "version": 1, "name": "采伐许可", "item_type": "01",
        "codes": [{"scheme": "c0109", "value": "512014006005"}],
        "department": {"name": "青川县林业局", "code": "91350100M000100Y43"},
        "audience": ["person"], "topics": {"person": ["075"], "organisation": []},
        "summary": "砍树前要办的证。", "conditions": ["树是您的。"],
        "materials": [{"id": "m", "name": "申请表", "capture": "form", "necessity": "required",
            "originals": 1, "blank_form": sample}],
        "process": [{"name": "受理"}, {"name": "审核"}, {"name": "审批"}, {"name": "办结"}, {"name": "送达"}],
        "project_type": "承诺件",
        "legal_time": {"unit": "working-days", "count": 20},
        "promised_time": {"unit": "working-days", "count": 10},
        "visits": 1, "visit_reason": "要看现场。",
        "fees": [], "result_type": "出证办结",
        "results": [{"name": "林木采伐许可证", "delivery": "到窗口领取", "sample": sample}],
        "places": [{"name": "镇便民服务中心", "address": "镇上", "hours": "周一至周五"}],
        "faq": [{"question": "要钱吗？", "answer": "不要钱。"}],
        "consult_phone": "0839-0001000", "complaint_phone": "0839-0009000",
        "depth": "III"
    })
}

fn found(change: impl FnOnce(&mut Value)) -> Vec<(Rule, String)> {
    let mut value = good();
    change(&mut value);
    let guide = serde_json::from_value(value).unwrap();
    let verdict = check(&guide, &[]);
    let all = verdict.violations.into_iter().chain(verdict.reminders);
    all.map(|finding| (finding.rule, finding.field)).collect()
}

#[test]
fn a_guide_that_keeps_every_rule_has_nothing_found() {
    assert_eq!(found(|_| {}), []);
}

type Change = fn(&mut Value);

/// What breaks a rule: in words, which rule, which field, and how.
const BREAKS: &[(&str, Rule, &str, Change)] = &[
    (
        "promised on the spot, not 即办件",
        Rule::OnTheSpot,
        "project_type",
        |g| {
            g["promised_time"] = json!({"unit": "on-the-spot"});
        },
    ),
    (
        "即办件, not on the spot",
        Rule::OnTheSpot,
        "promised_time",
        |g| {
            g["project_type"] = json!("即办件");
        },
    ),
    (
        "promised longer than legal",
        Rule::PromiseWithinLegal,
        "promised_time",
        |g| {
            g["promised_time"] = json!({"unit": "calendar-days", "count": 29});
        },
    ),
    (
        "证 without 出证办结",
        Rule::ResultKind,
        "result_type",
        |g| {
            g["result_type"] = json!("审批办结");
        },
    ),
    (
        "批复 without 审批办结",
        Rule::ResultKind,
        "result_type",
        |g| {
            g["results"][0]["name"] = json!("关于采伐的批复");
        },
    ),
    (
        "文 without 出文办结",
        Rule::ResultKind,
        "result_type",
        |g| {
            g["results"][0]["name"] = json!("批文");
        },
    ),
    ("visit without reason", Rule::Visits, "visit_reason", |g| {
        g["visit_reason"] = Value::Null;
    }),
    (
        "no visit, not online, not by mail",
        Rule::Visits,
        "visits",
        |g| {
            g["visits"] = json!(0);
            g["depth"] = json!("II");
        },
    ),
    ("depth IV with a visit", Rule::Depth, "visits", |g| {
        g["depth"] = json!("Ⅲ,Ⅳ");
    }),
    ("a fee without basis", Rule::Fees, "fees[0].basis", |g| {
        g["fees"] = json!([{"name": "工本费", "standard": "10元"}]);
    }),
    ("charged, and no fee", Rule::Fees, "fees", |g| {
        g["is_fee"] = json!(true);
    }),
    ("free and paid online", Rule::Fees, "is_pay_online", |g| {
        g["is_pay_online"] = json!(true);
    }),
    (
        "one telephone for both",
        Rule::Phones,
        "complaint_phone",
        |g| {
            g["complaint_phone"] = json!("08390001000");
        },
    ),
    ("no area code", Rule::Phones, "consult_phone", |g| {
        g["consult_phone"] = json!("3261234");
    }),
    ("a mobile telephone", Rule::Phones, "consult_phone", |g| {
        g["consult_phone"] = json!("13800000000");
    }),
    (
        "serves people, no theme of theirs",
        Rule::Audience,
        "topics.person",
        |g| {
            g["topics"] = json!({"person": [], "organisation": []});
        },
    ),
    (
        "a theme of organisations, serves none",
        Rule::Audience,
        "audience",
        |g| {
            g["topics"] = json!({"person": ["075"], "organisation": ["010"]});
        },
    ),
    ("a licence without a question", Rule::Licence, "faq", |g| {
        g["faq"] = json!([]);
    }),
    ("a licence without 送达", Rule::Licence, "process", |g| {
        g["process"].as_array_mut().unwrap().pop();
    }),
    (
        "a result without sample",
        Rule::ResultSample,
        "results[0].sample",
        |g| {
            g["results"][0]["sample"] = Value::Null;
        },
    ),
    (
        "no blank form",
        Rule::Required,
        "materials[0].blank_form",
        |g| {
            g["materials"][0]["blank_form"] = Value::Null;
        },
    ),
    (
        "an answer that is not offered",
        Rule::Structure,
        "materials[0].applies_when",
        |g| {
            g["materials"][0]["applies_when"] = json!([{"question": "q", "any_of": ["a"]}]);
        },
    ),
    ("done here without a form", Rule::Structure, "form", |g| {
        g["terminal"] = json!({"kind": "full"});
    }),
    ("a code of the wrong length", Rule::Code, "codes[0]", |g| {
        g["codes"][0]["value"] = json!("5120140060");
    }),
    (
        "a wrong check character",
        Rule::Code,
        "department.code",
        |g| {
            g["department"]["code"] = json!("91350100M000100Y44");
        },
    ),
];

#[test]
fn every_rule_finds_what_breaks_it_and_names_the_field() {
    for (name, rule, field, change) in BREAKS {
        assert_eq!(found(change), [(*rule, (*field).to_owned())], "{name}");
    }
}

#[test]
fn each_thing_that_must_be_published_is_missed_when_it_is_not_there() {
    for (key, empty, field) in [
        ("conditions", json!([]), "conditions"),
        ("materials", json!([]), "materials"),
        ("fees", Value::Null, "fees"),
        ("places", json!([]), "places"),
        ("consult_phone", json!(""), "consult_phone"),
        ("complaint_phone", json!(""), "complaint_phone"),
        ("depth", Value::Null, "depth"),
        ("results", json!([]), "results.delivery"),
    ] {
        let found = found(|guide| guide[key] = empty);
        assert!(
            found.contains(&(Rule::Required, field.to_owned())),
            "{key}: {found:?}"
        );
    }
}

#[test]
fn an_item_of_a_list_misses_nearly_everything() {
    let guide = serde_json::from_value(json!({
        "id": "a", "version": 1, "name": "甲", "item_type": "20", "department": {"name": "甲局"}
    }));
    let verdict = check(&guide.unwrap(), &[]);
    let missed = verdict
        .violations
        .iter()
        .filter(|f| f.rule == Rule::Required)
        .count();
    assert_eq!(missed, 11, "{:#?}", verdict.violations);
}

#[test]
fn what_is_right_in_another_way_is_not_found_fault_with() {
    let table: &[(&str, Change)] = &[
        ("on the spot", |g| {
            g["promised_time"] = json!({"unit": "on-the-spot"});
            g["project_type"] = json!("即办件");
        }),
        ("no visit, by mail", |g| {
            g["visits"] = json!(0);
            g["depth"] = json!("II");
            g["is_express"] = json!(true);
        }),
        ("a hotline", |g| g["complaint_phone"] = json!("12345")),
        ("a unit that is not known here", |g| {
            g["promised_time"] = json!({"unit": "weeks", "count": 90});
        }),
        ("a fee told in full", |g| {
            g["fees"] = json!([{"name": "工本费", "standard": "10元", "basis": "文件", "amount_fen": 1000}]);
            g["is_pay_online"] = json!(true);
        }),
        ("a Sichuan code of a dirty department", |g| {
            g["codes"] = json!([{"scheme": "legacy-sc", "value": "G-000006-001-1"}]);
        }),
    ];
    for (name, change) in table {
        assert_eq!(found(change), [], "{name}");
    }
}

#[test]
fn social_credit_codes_are_judged_by_their_check_character() {
    // Codes of public bodies as they publish them, and the standard's own example.
    for code in [
        "91350100M000100Y43",
        "11370800MB28559184",
        "12441500196720244T",
    ] {
        assert!(is_social_credit_code(code), "{code}");
        let mut wrong = code.to_owned();
        wrong.replace_range(17.., if code.ends_with('0') { "1" } else { "0" });
        assert!(!is_social_credit_code(&wrong), "{wrong}");
    }
    for code in [
        "",
        "91350100M000100Y4",
        "91350100m000100y43",
        "老91350100M000100Y4",
    ] {
        assert!(!is_social_credit_code(code), "{code}");
    }
}
