//! What a guide refers to must be there, and its form must be possible to fill in.

use std::collections::{BTreeMap, BTreeSet};

use jinban_api::guide::{AppliesWhen, Form, TerminalHandling};
use jinban_api::ids::SituationId;

use super::{Found, Rule, blank};
use crate::intake::compile_form;

impl Found<'_> {
    pub(super) fn structure(&mut self) {
        self.identity();
        self.handling();
        self.situations();
        self.materials();
        if let Some(form) = &self.guide.form {
            self.form(form);
        }
        self.season();
    }

    fn identity(&mut self) {
        let guide = self.guide;
        self.hold(
            Rule::Structure,
            "id",
            !blank(guide.id.as_str()),
            "没有记录标识。",
        );
        self.hold(
            Rule::Structure,
            "item_type",
            !blank(&guide.item_type),
            "没有写事项类型。",
        );
        for theme in &guide.themes {
            self.hold(
                Rule::Structure,
                "themes",
                self.themes.is_empty() || self.themes.iter().any(|known| known.id == *theme),
                format!("没有“{theme}”这个主题。"),
            );
        }
        self.hold(
            Rule::Structure,
            "effective_until",
            guide
                .effective_from
                .zip(guide.effective_until)
                .is_none_or(|(from, until)| from <= until),
            "取消日期早于生效日期。",
        );
    }

    fn handling(&mut self) {
        let guide = self.guide;
        match guide.handling() {
            Some(TerminalHandling::Full) => self.hold(
                Rule::Structure,
                "form",
                guide.form.is_some(),
                "写着终端可办，却没有要填的表。",
            ),
            Some(
                TerminalHandling::InPerson { reason } | TerminalHandling::GuideOnly { reason },
            ) => self.hold(
                Rule::Structure,
                "terminal.reason",
                !blank(reason),
                "终端不能全程办理，没有写为什么。",
            ),
            None => {}
        }
    }

    fn situations(&mut self) {
        let guide = self.guide;
        let known: BTreeMap<&SituationId, BTreeSet<_>> = guide
            .situations
            .iter()
            .map(|situation| {
                let options = situation.options.iter().map(|option| &option.id);
                (&situation.id, options.collect())
            })
            .collect();
        self.hold(
            Rule::Structure,
            "situations",
            known.len() == guide.situations.len(),
            "有两个情形用了同一个标识。",
        );
        for (at, situation) in guide.situations.iter().enumerate() {
            let field = format!("situations[{at}].options");
            self.hold(
                Rule::Structure,
                &field,
                situation.options.len() >= 2,
                format!("情形“{}”不足两个选项。", situation.question),
            );
            self.hold(
                Rule::Structure,
                &field,
                known
                    .get(&situation.id)
                    .is_some_and(|options| options.len() == situation.options.len()),
                format!("情形“{}”有两个选项用了同一个标识。", situation.question),
            );
        }
        let conditions = (guide.materials.iter().enumerate())
            .map(|(at, material)| {
                (
                    format!("materials[{at}].applies_when"),
                    &material.applies_when,
                )
            })
            .chain(
                (guide.charges().iter().enumerate())
                    .map(|(at, fee)| (format!("fees[{at}].applies_when"), &fee.applies_when)),
            );
        let exists = |condition: &AppliesWhen| {
            known.get(&condition.question).is_some_and(|options| {
                !condition.any_of.is_empty() && condition.any_of.iter().all(|o| options.contains(o))
            })
        };
        for (field, conditions) in conditions {
            for condition in conditions {
                self.hold(
                    Rule::Structure,
                    &field,
                    exists(condition),
                    format!("没有“{}”这个情形，或者没有这个选项。", condition.question),
                );
            }
        }
    }

    fn materials(&mut self) {
        let mut seen = BTreeSet::new();
        for (at, material) in self.guide.materials.iter().enumerate() {
            self.hold(
                Rule::Structure,
                &format!("materials[{at}].id"),
                seen.insert(&material.id),
                format!("有两个材料用了同一个标识“{}”。", material.id),
            );
            self.hold(
                Rule::Structure,
                &format!("materials[{at}].name"),
                !blank(&material.name),
                "有一个材料没有名称。",
            );
        }
    }

    fn form(&mut self, form: &Form) {
        if let Err(reason) = compile_form(self.guide) {
            self.hold(
                Rule::Structure,
                "form.schema",
                false,
                format!("表的填写规则用不了：{reason}"),
            );
            return;
        }
        let asked: Vec<&str> = form
            .groups
            .iter()
            .flat_map(|group| &group.fields)
            .map(|field| field.name.as_str())
            .collect();
        let names: BTreeSet<&str> = asked.iter().copied().collect();
        self.hold(
            Rule::Structure,
            "form.groups",
            names.len() == asked.len(),
            "表里有一项问了两遍。",
        );
        let properties = form.schema.get("properties").and_then(|p| p.as_object());
        let ruled: BTreeSet<&str> = properties
            .map(|properties| properties.keys().map(String::as_str).collect())
            .unwrap_or_default();
        for name in names.symmetric_difference(&ruled) {
            let message = if names.contains(name) {
                format!("表里问了“{name}”，填写规则里没有。")
            } else {
                format!("填写规则里有“{name}”，表里没有问。")
            };
            self.hold(Rule::Structure, "form", false, message);
        }
    }

    fn season(&mut self) {
        let good = self.guide.season.as_ref().is_none_or(|season| {
            !season.months.is_empty() && season.months.iter().all(|month| (1..=12).contains(month))
        });
        self.hold(
            Rule::Structure,
            "season.months",
            good,
            "办理季节的月份要在1到12之间。",
        );
    }
}
