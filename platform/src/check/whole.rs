//! What a catalogue says in one place must agree with what it says in another: guides, what stands beside them,
//! and the files that they name.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jinban_api::documents::{
    Bundle, Document, Hotline, IntermediaryService, Law, Notice, ReviewRule,
};
use jinban_api::guide::{Attachment, Guide};
use jinban_api::ids::{AreaCode, GuideId};
use serde::Serialize;

use super::{Finding, Rule, blank};
use crate::CatalogueFolder;

/// A place where a catalogue contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contradiction {
    /// Kind of what says it: `guide`, `notice`, `law`…
    pub kind: String,
    /// Its identifier.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What is wrong with it.
    #[serde(flatten)]
    pub finding: Finding,
}

impl std::fmt::Display for Contradiction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            kind, id, finding, ..
        } = self;
        write!(f, "{kind}/{id} {}：{}", finding.field, finding.message)
    }
}

/// Every place where `folder` contradicts itself.
pub fn check_whole(folder: &CatalogueFolder) -> Vec<Contradiction> {
    let mut whole = Whole {
        guides: folder
            .guides
            .iter()
            .map(|guide| (&guide.id, guide))
            .collect(),
        files: (folder.attachments.iter())
            .map(|(digest, content)| (digest.as_str(), content.len() as u64))
            .collect(),
        speaker: Speaker::default(),
        found: Vec::new(),
    };
    let laws: BTreeSet<String> = whole
        .each(folder, |whole, law: Law| {
            whole.speaks(Law::KIND, &law.id(), &law.title);
            whole.period(law.effective_from, law.effective_until, "effective_until");
            whole.files(&law.attachments, "attachments");
            law.id()
        })
        .into_iter()
        .collect();
    whole.each(folder, Whole::notice);
    whole.each(folder, Whole::review_rule);
    let rules = whole.each(folder, |_, rule: ReviewRule| rule);
    whole.one_rule_each(rules);
    let services: BTreeMap<String, Vec<GuideId>> = whole
        .each(folder, |whole, service: IntermediaryService| {
            whole.speaks(IntermediaryService::KIND, &service.id(), &service.name);
            whole.guides(&service.guides, "guides");
            (service.id(), service.guides)
        })
        .into_iter()
        .collect();
    whole.each(folder, |whole, hotline: Hotline| {
        whole.speaks(Hotline::KIND, &hotline.id(), &hotline.name);
        whole.period(hotline.from, hotline.until, "until");
        whole.hold("number", !blank(&hotline.number), || {
            "没有写号码。".to_owned()
        });
    });
    whole.each(folder, |whole, bundle: Bundle| {
        whole.speaks(Bundle::KIND, &bundle.id(), &bundle.name);
        let steps: Vec<GuideId> = bundle.steps.into_iter().map(|step| step.guide).collect();
        whole.guides(&steps, "steps");
    });
    for guide in &folder.guides {
        whole.guide(guide, &laws, &services);
    }
    whole.found
}

struct Whole<'a> {
    guides: BTreeMap<&'a GuideId, &'a Guide>,
    files: BTreeMap<&'a str, u64>,
    speaker: Speaker,
    found: Vec<Contradiction>,
}

/// What is being looked at.
#[derive(Default)]
struct Speaker {
    kind: String,
    id: String,
    name: String,
}

impl Whole<'_> {
    /// Looks at every document of one kind; one that is not of that shape is a finding itself.
    fn each<T: Document, U>(
        &mut self,
        folder: &CatalogueFolder,
        mut look: impl FnMut(&mut Self, T) -> U,
    ) -> Vec<U> {
        let mut seen = Vec::new();
        for document in folder.documents.iter().filter(|it| it.kind == T::KIND) {
            match T::deserialize(&document.content) {
                Ok(content) => seen.push(look(self, content)),
                Err(error) => {
                    self.speaks(T::KIND, &document.id, &document.id);
                    self.hold("", false, || format!("内容不对：{error}。"));
                }
            }
        }
        seen
    }

    fn speaks(&mut self, kind: &str, id: &str, name: &str) {
        self.speaker = Speaker {
            kind: kind.to_owned(),
            id: id.to_owned(),
            name: name.to_owned(),
        };
    }

    fn hold(&mut self, field: &str, holds: bool, message: impl FnOnce() -> String) {
        if !holds {
            let Speaker { kind, id, name } = &self.speaker;
            self.found.push(Contradiction {
                kind: kind.clone(),
                id: id.clone(),
                name: name.clone(),
                finding: Finding {
                    field: field.to_owned(),
                    rule: Rule::Structure,
                    message: message(),
                },
            });
        }
    }

    fn period(&mut self, from: Option<Date>, until: Option<Date>, field: &str) {
        let forward = from.zip(until).is_none_or(|(from, until)| from <= until);
        self.hold(field, forward, || "结束的日子比开始的还早。".to_owned());
    }

    fn guides(&mut self, named: &[GuideId], field: &str) {
        for (at, id) in named.iter().enumerate() {
            let known = self.guides.contains_key(id);
            let field = format!("{field}[{at}]");
            self.hold(&field, known, || format!("没有“{id}”这份指南。"));
        }
    }

    fn files<'f>(&mut self, named: impl IntoIterator<Item = &'f Attachment>, field: &str) {
        for file in named {
            let length = self.files.get(file.digest.as_str()).copied();
            let name = &file.name;
            self.hold(field, length.is_some(), || {
                format!(
                    "附件“{name}”的文件不在 attachments 文件夹里，或者内容改过、摘要没有跟着改。"
                )
            });
            self.hold(field, length.is_none_or(|is| is == file.length), || {
                format!(
                    "附件“{name}”写着{}字节，文件是{}字节。",
                    file.length,
                    length.unwrap_or_default()
                )
            });
        }
    }

    fn notice(&mut self, notice: Notice) {
        self.speaks(Notice::KIND, &notice.id, &notice.title);
        self.period(Some(notice.from), notice.until, "until");
        self.guides(&notice.guides, "guides");
        self.files(&notice.attachments, "attachments");
        for (at, area) in notice.areas.iter().enumerate() {
            let field = format!("areas[{at}]");
            self.hold(&field, is_division(area), || {
                format!("“{area}”不是6位或12位的区划代码。")
            });
        }
        self.hold("title", !blank(&notice.title), || "没有标题。".to_owned());
    }

    fn review_rule(&mut self, rule: ReviewRule) {
        self.speaks(ReviewRule::KIND, &rule.id, &rule.id);
        self.guides(std::slice::from_ref(&rule.guide), "guide");
        self.hold("points", !rule.points.is_empty(), || {
            "一条要点也没有。".to_owned()
        });
        let Some(guide) = self.guides.get(&rule.guide).copied() else {
            return;
        };
        for (at, point) in rule.points.iter().enumerate() {
            let Some(material) = &point.material else {
                continue;
            };
            let known = guide.materials.iter().any(|known| known.id == *material);
            self.hold(&format!("points[{at}].material"), known, || {
                format!("指南“{}”没有“{material}”这份材料。", guide.name)
            });
        }
    }

    fn one_rule_each(&mut self, rules: Vec<ReviewRule>) {
        let mut seen = BTreeSet::new();
        for rule in rules {
            self.speaks(ReviewRule::KIND, &rule.id, &rule.id);
            let guide = rule.guide.clone();
            let first = seen.insert(rule.guide);
            self.hold("guide", first, || {
                format!("“{guide}”已经有一份审查细则了。")
            });
        }
    }

    fn guide(
        &mut self,
        guide: &Guide,
        laws: &BTreeSet<String>,
        services: &BTreeMap<String, Vec<GuideId>>,
    ) {
        self.speaks("guide", guide.id.as_str(), &guide.name);
        for (at, material) in guide.materials.iter().enumerate() {
            let files = material.blank_form.iter().chain(&material.sample);
            self.files(files, &format!("materials[{at}]"));
        }
        for (at, result) in guide.results.iter().enumerate() {
            self.files(&result.sample, &format!("results[{at}].sample"));
        }
        for (at, basis) in guide.basis.iter().enumerate() {
            let Some(law) = &basis.law else { continue };
            self.hold(
                &format!("basis[{at}].law"),
                laws.contains(law.as_str()),
                || format!("没有“{law}”这部法规。"),
            );
        }
        for (at, service) in guide.intermediary_services.iter().enumerate() {
            let field = format!("intermediary_services[{at}]");
            let for_this = services
                .get(service.as_str())
                .map(|of| of.contains(&guide.id));
            self.hold(&field, for_this.is_some(), || {
                format!("没有“{service}”这项中介服务。")
            });
            self.hold(&field, for_this != Some(false), || {
                format!("中介服务“{service}”没有写它用在这份指南。")
            });
        }
    }
}

fn is_division(area: &AreaCode) -> bool {
    let digits = area.as_str();
    matches!(digits.len(), 6 | 12) && digits.bytes().all(|digit| digit.is_ascii_digit())
}
