//! The official states of a case 办件状态 and which may follow which: data, and one function over it.

/// Where a case stands with the authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OfficialState {
    /// 已提交: it has arrived; nobody has looked at it.
    Submitted,
    /// 预审中.
    PreReview,
    /// 需补正: everything that is missing was listed once.
    SupplementNeeded,
    /// 已收件: the window holds the materials.
    Received,
    /// 已受理: the legal clock runs.
    Accepted,
    /// 不予受理.
    NotAccepted,
    /// 不属于本机关.
    OtherAuthority,
    /// 审查中.
    UnderReview,
    /// 挂起: a special procedure stops the clock.
    Suspended,
    /// 准予.
    Granted,
    /// 不予许可或不予办理.
    Refused,
    /// 制证中.
    MakingDocument,
    /// 待领取.
    ReadyToCollect,
    /// 办结.
    Completed,
    /// 退件.
    Returned,
    /// 已撤回: by the applicant.
    Withdrawn,
    /// 已终止.
    Terminated,
}

use OfficialState as S;

/// Code, words, and what may follow; the ordinary way comes first.
const TABLE: [(S, &str, &str, &[S]); 17] = [
    (
        S::Submitted,
        "submitted",
        "已提交",
        &[S::PreReview, S::Returned, S::Withdrawn],
    ),
    (
        S::PreReview,
        "pre-review",
        "预审中",
        &[
            S::Received,
            S::SupplementNeeded,
            S::NotAccepted,
            S::OtherAuthority,
            S::Returned,
            S::Withdrawn,
        ],
    ),
    (
        S::SupplementNeeded,
        "supplement-needed",
        "需补正",
        &[S::PreReview, S::Returned, S::Withdrawn],
    ),
    (
        S::Received,
        "received",
        "已收件",
        &[
            S::Accepted,
            S::SupplementNeeded,
            S::NotAccepted,
            S::OtherAuthority,
            S::Withdrawn,
        ],
    ),
    (
        S::Accepted,
        "accepted",
        "已受理",
        &[S::UnderReview, S::Withdrawn, S::Terminated],
    ),
    (S::NotAccepted, "not-accepted", "不予受理", &[]),
    (S::OtherAuthority, "other-authority", "不属于本机关", &[]),
    (
        S::UnderReview,
        "under-review",
        "审查中",
        &[
            S::Granted,
            S::Refused,
            S::Suspended,
            S::Withdrawn,
            S::Terminated,
        ],
    ),
    (
        S::Suspended,
        "suspended",
        "已挂起",
        &[S::UnderReview, S::Withdrawn, S::Terminated],
    ),
    (
        S::Granted,
        "granted",
        "准予办理",
        &[S::MakingDocument, S::ReadyToCollect, S::Completed],
    ),
    (S::Refused, "refused", "不予办理", &[S::Completed]),
    (
        S::MakingDocument,
        "making-document",
        "制证中",
        &[S::ReadyToCollect, S::Completed],
    ),
    (
        S::ReadyToCollect,
        "ready-to-collect",
        "待领取",
        &[S::Completed],
    ),
    (S::Completed, "completed", "已办结", &[]),
    (S::Returned, "returned", "已退件", &[]),
    (S::Withdrawn, "withdrawn", "已撤回", &[]),
    (S::Terminated, "terminated", "已终止", &[]),
];

impl OfficialState {
    /// Stable code, as it is stored and typed.
    pub fn code(self) -> &'static str {
        self.row().1
    }

    /// What people are told.
    pub fn words(self) -> &'static str {
        self.row().2
    }

    /// The state with this code or these words.
    pub fn parse(text: &str) -> Option<Self> {
        TABLE
            .iter()
            .find(|(_, code, words, _)| *code == text || *words == text)
            .map(|row| row.0)
    }

    /// What may follow; the ordinary way first, nothing when the matter is at its end.
    pub fn may_become(self) -> &'static [Self] {
        self.row().3
    }

    /// The state after `wanted`, or after the ordinary way when none is named.
    pub fn next(self, wanted: Option<Self>) -> Option<Self> {
        match wanted {
            None => self.may_become().first().copied(),
            Some(state) => self.may_become().contains(&state).then_some(state),
        }
    }

    fn row(self) -> &'static (S, &'static str, &'static str, &'static [S]) {
        &TABLE[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_table_stands_in_the_order_of_the_states() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.0 as usize, index, "{:?}", row.0);
            assert_eq!(OfficialState::parse(row.1), Some(row.0));
            assert_eq!(OfficialState::parse(row.2), Some(row.0));
        }
        assert_eq!(OfficialState::parse("nonsense"), None);
    }

    #[test]
    fn the_ordinary_way_leads_to_completion() {
        let mut state = S::Submitted;
        let mut words = vec![state.words()];
        while let Some(next) = state.next(None) {
            state = next;
            words.push(state.words());
        }
        assert_eq!(
            words,
            [
                "已提交",
                "预审中",
                "已收件",
                "已受理",
                "审查中",
                "准予办理",
                "制证中",
                "待领取",
                "已办结"
            ]
        );
    }

    #[test]
    fn every_state_can_be_reached_and_every_way_ends() {
        let mut reached = HashSet::from([S::Submitted]);
        let mut open = vec![S::Submitted];
        while let Some(state) = open.pop() {
            open.extend(
                state
                    .may_become()
                    .iter()
                    .filter(|next| reached.insert(**next)),
            );
        }
        assert_eq!(reached.len(), TABLE.len());
    }

    #[test]
    fn an_ended_case_never_moves_and_nobody_skips_acceptance() {
        for (from, to) in [
            (S::Completed, S::UnderReview),
            (S::Withdrawn, S::Submitted),
            (S::Submitted, S::Granted),
            (S::Received, S::UnderReview),
            (S::PreReview, S::Accepted),
        ] {
            assert_eq!(from.next(Some(to)), None, "{from:?} to {to:?}");
        }
    }
}
