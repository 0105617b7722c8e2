//! The ten rules of consistency, in their order.

use jinban_api::guide::{Audience, TimeLimit};

use super::{Found, Rule, blank};

/// The links of a licence, each with the names it goes by.
const LICENCE_LINKS: [(&str, &[&str]); 5] = [
    ("受理", &["受理", "收件"]),
    ("审核", &["审核", "审查", "核查"]),
    ("审批", &["审批", "决定", "批准"]),
    ("办结", &["办结", "制证", "归档"]),
    ("送达", &["送达", "发证", "颁证", "领取"]),
];

impl Found<'_> {
    pub(super) fn rules(&mut self) {
        self.on_the_spot();
        self.promise_within_legal();
        self.result_kind();
        self.visits();
        self.depth();
        self.fees();
        self.phones();
        self.audience();
        self.licence();
        self.result_sample();
    }

    fn on_the_spot(&mut self) {
        let promised = self.guide.promised() == Some(TimeLimit::OnTheSpot);
        let declared = self
            .guide
            .project_type
            .as_deref()
            .is_some_and(|kind| matches!(kind.trim(), "即办件" | "即办" | "1" | "01"));
        self.hold(
            Rule::OnTheSpot,
            "project_type",
            !promised || declared,
            "承诺当场办好，办件类型却不是即办件。",
        );
        self.hold(
            Rule::OnTheSpot,
            "promised_time",
            !declared || promised,
            "办件类型是即办件，承诺时限却不是当场办好。",
        );
    }

    fn promise_within_legal(&mut self) {
        let within = match (self.guide.promised(), self.guide.legal()) {
            (Some(promised), Some(legal)) => comparable(promised) <= comparable(legal),
            _ => true,
        };
        self.hold(
            Rule::PromiseWithinLegal,
            "promised_time",
            within,
            "承诺时限比法定时限还长。",
        );
    }

    fn result_kind(&mut self) {
        let guide = self.guide;
        let declared = guide.result_type.as_deref().unwrap_or_default();
        for (at, result) in guide.results.iter().enumerate() {
            let name = result.name.trim();
            let (wanted, fits) = if name.ends_with('证') || name.ends_with("证书") {
                ("出证办结", declared.contains("出证"))
            } else if name.ends_with("批复") {
                (
                    "审批办结",
                    declared.contains("审批") || declared.contains("上报"),
                )
            } else if name.ends_with('文') {
                ("出文办结", declared.contains("出文"))
            } else {
                continue;
            };
            self.hold(
                Rule::ResultKind,
                "result_type",
                fits,
                format!("第{}个结果是“{name}”，结果类型应是{wanted}。", at + 1),
            );
        }
    }

    fn visits(&mut self) {
        let guide = self.guide;
        let explained = guide.visit_reason.as_deref().is_some_and(|why| !blank(why));
        match guide.visits {
            None => {}
            Some(0) => {
                let online = guide.is_done_here()
                    || self.depths().iter().any(|depth| *depth >= 3)
                    || self.is_handled_by(&["2", "3"])
                    || guide.online_url.is_some()
                    || guide.mobile_url.is_some();
                let by_mail = guide.is_express == Some(true)
                    || self.is_handled_by(&["4"])
                    || guide.results.iter().any(|result| {
                        let how = result.delivery.as_deref().unwrap_or_default();
                        ["邮寄", "寄到", "快递"]
                            .iter()
                            .any(|word| how.contains(word))
                    });
                self.hold(
                    Rule::Visits,
                    "visits",
                    online || by_mail,
                    "写着不用到现场，可是既不能网上办，也不能邮寄。",
                );
            }
            Some(count) => self.hold(
                Rule::Visits,
                "visit_reason",
                explained,
                format!("要到现场{count}次，没有写为什么。"),
            ),
        }
    }

    fn is_handled_by(&self, codes: &[&str]) -> bool {
        self.guide
            .handling_forms
            .iter()
            .flat_map(|form| form.split([',', '^', '，', '、']))
            .any(|form| codes.contains(&form.trim()))
    }

    /// 1 to 4, as far as they are understood.
    pub(super) fn depths(&self) -> Vec<u8> {
        self.guide
            .depth
            .as_deref()
            .unwrap_or_default()
            .split([',', '^', '，', '、', ';', '；'])
            .filter_map(
                |depth| match depth.trim().trim_end_matches('级').to_uppercase().as_str() {
                    "I" | "Ⅰ" | "1" => Some(1),
                    "II" | "Ⅱ" | "2" => Some(2),
                    "III" | "Ⅲ" | "3" => Some(3),
                    "IV" | "Ⅳ" | "4" => Some(4),
                    _ => None,
                },
            )
            .collect()
    }

    fn depth(&mut self) {
        let whole = self.depths().contains(&4);
        self.hold(
            Rule::Depth,
            "visits",
            !whole || self.guide.visits.unwrap_or(0) == 0,
            "网上办理深度是四级（全程网办），到现场次数应是0。",
        );
    }

    fn fees(&mut self) {
        let guide = self.guide;
        for (at, fee) in guide.charges().iter().enumerate() {
            for (field, text, what) in [
                ("name", &fee.name, "收费项目"),
                ("standard", &fee.standard, "收费标准"),
                ("basis", &fee.basis, "收费依据"),
            ] {
                self.hold(
                    Rule::Fees,
                    &format!("fees[{at}].{field}"),
                    !blank(text),
                    format!("第{}项收费没有写{what}。", at + 1),
                );
            }
        }
        let charged = !guide.charges().is_empty();
        self.hold(
            Rule::Fees,
            "fees",
            guide.is_fee != Some(true) || charged,
            "写着要收费，没有写收费项目、标准和依据。",
        );
        self.hold(
            Rule::Fees,
            "is_fee",
            guide.is_fee != Some(false) || !charged,
            "写着不收费，却列了收费项目。",
        );
        let free = guide.is_free() || guide.is_fee == Some(false);
        self.hold(
            Rule::Fees,
            "is_pay_online",
            !(free && guide.is_pay_online == Some(true)),
            "不收费的事项，不应支持网上支付。",
        );
    }

    fn phones(&mut self) {
        let guide = self.guide;
        let phones = [
            ("consult_phone", &guide.consult_phone, "咨询电话"),
            ("complaint_phone", &guide.complaint_phone, "投诉电话"),
        ];
        for (field, phone, what) in phones {
            self.hold(
                Rule::Phones,
                field,
                !blank(phone),
                format!("没有写{what}。"),
            );
            self.hold(
                Rule::Phones,
                field,
                blank(phone) || phones_in(phone).all(has_area_code),
                format!("{what}“{phone}”没有区号，例如 0839-。"),
            );
        }
        let different = digits(&guide.consult_phone) != digits(&guide.complaint_phone);
        self.hold(
            Rule::Phones,
            "complaint_phone",
            blank(&guide.consult_phone) || different,
            "咨询电话和投诉电话是同一个。",
        );
    }

    fn audience(&mut self) {
        let guide = self.guide;
        let serves = |whom: Audience| guide.audience.iter().any(|audience| *audience == whom);
        if let Some(topics) = &guide.topics {
            for (whom, list, field, what) in [
                (Audience::Person, &topics.person, "topics.person", "自然人"),
                (
                    Audience::Organisation,
                    &topics.organisation,
                    "topics.organisation",
                    "法人",
                ),
            ] {
                let is_named = serves(whom);
                self.hold(
                    Rule::Audience,
                    field,
                    !is_named || !list.is_empty(),
                    format!("服务对象有{what}，没有填{what}主题。"),
                );
                self.hold(
                    Rule::Audience,
                    "audience",
                    is_named || list.is_empty() || guide.audience.is_empty(),
                    format!("填了{what}主题，服务对象里却没有{what}。"),
                );
            }
        }
        if self.themes.is_empty() || guide.themes.is_empty() {
            return;
        }
        let codes: Vec<&str> = self
            .themes
            .iter()
            .filter(|theme| guide.themes.contains(&theme.id))
            .flat_map(|theme| theme.codes.iter().map(String::as_str))
            .collect();
        for (whom, list, what) in [
            (Audience::Person, "person:", "自然人"),
            (Audience::Organisation, "organisation:", "法人"),
        ] {
            self.hold(
                Rule::Audience,
                "themes",
                !serves(whom) || codes.iter().any(|code| code.starts_with(list)),
                format!("服务对象有{what}，所在的主题里没有{what}主题。"),
            );
        }
    }

    fn licence(&mut self) {
        let guide = self.guide;
        if !matches!(guide.item_type.trim(), "1" | "01" | "行政许可" | "许可") {
            return;
        }
        self.hold(
            Rule::Licence,
            "faq",
            !guide.faq.is_empty(),
            "行政许可至少要有一个常见问题。",
        );
        let missing: Vec<&str> = LICENCE_LINKS
            .iter()
            .filter(|(_, names)| {
                !guide
                    .process
                    .iter()
                    .any(|link| names.iter().any(|name| link.name.contains(name)))
            })
            .map(|(link, _)| *link)
            .collect();
        self.hold(
            Rule::Licence,
            "process",
            missing.is_empty() && guide.process.len() >= 5,
            if missing.is_empty() {
                "行政许可的办理流程至少要有5个环节：受理、审核、审批、办结、送达。".to_owned()
            } else {
                format!("行政许可的办理流程缺环节：{}。", missing.join("、"))
            },
        );
    }

    fn result_sample(&mut self) {
        for (at, result) in self.guide.results.iter().enumerate() {
            self.hold(
                Rule::ResultSample,
                &format!("results[{at}].sample"),
                blank(&result.name) || result.sample.is_some(),
                format!("结果“{}”没有样本。", result.name),
            );
        }
    }
}

/// In fifths of an hour, for comparing; a working day is 7/5 of a day in the long run.
pub(super) fn comparable(limit: TimeLimit) -> u32 {
    match limit {
        TimeLimit::OnTheSpot => 0,
        TimeLimit::Hours(hours) => u32::from(hours) * 5,
        TimeLimit::CalendarDays(days) => u32::from(days) * 24 * 5,
        TimeLimit::WorkingDays(days) => u32::from(days) * 24 * 7,
    }
}

/// Several numbers in one field are separated by commas, slashes or blanks.
fn phones_in(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '，', '、', '/', ';', '；', ' '])
        .map(str::trim)
        .filter(|phone| !phone.is_empty())
}

/// A fixed number with its area code. Short service numbers such as 12345 are dialled without one everywhere.
fn has_area_code(phone: &str) -> bool {
    let bare = phone
        .trim_start_matches("+86")
        .trim_start_matches(['-', ' ']);
    let number = digits(bare);
    let service = (3..=6).contains(&number.len()) && number.starts_with(['1', '9']);
    let toll_free = number.len() == 10 && (number.starts_with("400") || number.starts_with("800"));
    let fixed = number.starts_with('0') && (10..=12).contains(&number.len());
    service || toll_free || fixed
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
