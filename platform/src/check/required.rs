//! What must be there before an item is published: fourteen things.

use jinban_api::guide::Capture;

use super::{Found, Rule, blank};

impl Found<'_> {
    pub(super) fn required(&mut self) {
        let guide = self.guide;
        let hours_told = guide
            .places
            .iter()
            .any(|place| !blank(&place.hours) || !place.opening.is_empty());
        let delivery_told = !guide.results.is_empty()
            && guide
                .results
                .iter()
                .all(|result| result.delivery.as_deref().is_some_and(|how| !blank(how)));
        let fees_told = guide.fees.is_some() || guide.is_fee == Some(false);
        let list = [
            ("name", !blank(&guide.name), "事项名称"),
            ("department", !blank(&guide.department.name), "实施主体"),
            ("conditions", !guide.conditions.is_empty(), "办理条件"),
            ("materials", !guide.materials.is_empty(), "申请材料"),
            ("process", !guide.process.is_empty(), "办理流程"),
            (
                "promised_time",
                guide.promised_time.is_some() || guide.legal_time.is_some(),
                "办理时限",
            ),
            ("fees", fees_told, "收费标准"),
            ("places", !guide.places.is_empty(), "办理地点"),
            ("consult_phone", !blank(&guide.consult_phone), "咨询电话"),
            (
                "complaint_phone",
                !blank(&guide.complaint_phone),
                "监督电话",
            ),
            ("depth", !self.depths().is_empty(), "网上办理深度"),
            ("places.hours", hours_told, "办理时间"),
            ("results.delivery", delivery_told, "结果送达方式"),
        ];
        for (field, told, what) in list {
            self.hold(Rule::Required, field, told, format!("缺少{what}。"));
        }
        for (at, material) in guide.materials.iter().enumerate() {
            self.hold(
                Rule::Required,
                &format!("materials[{at}].blank_form"),
                material.capture() != Capture::Form || material.blank_form.is_some(),
                format!("缺少表格下载：“{}”没有空白表格。", material.name),
            );
        }
    }
}
