//! Why something that came as a batch is not believed, told to whoever looks after the terminal.

/// Why a batch was not applied. The guides are as they were.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedDoubt {
    /// Signed by a key that this terminal was not set up with.
    #[error(
        "送来的更新不是用登记过的平台钥匙签的名。如果县里换了钥匙，请带新的公钥文件来装；没有换，就可能有人冒充平台，请报告县里。"
    )]
    UnknownKey,
    /// The signature does not fit the content.
    #[error("第 {number} 批更新的签名不对，内容在路上被改过。请报告县里，查一查网络。")]
    WrongSignature {
        /// Which batch; 0 for the statement where the feed is.
        number: u64,
    },
    /// An answer from before the last one.
    #[error(
        "收到的是以前的旧回答（{said_at} 的，这里已经有 {held_at} 的）。可能网络上有缓存在捣乱，或者有人重放。请报告县里，查一查网络。"
    )]
    Replayed {
        /// When this was said.
        said_at: jiff::Timestamp,
        /// When the last one was.
        held_at: jiff::Timestamp,
    },
    /// A batch that is not the next one.
    #[error(
        "该来第 {expected} 批，来的是第 {number} 批：有的漏了，有的重了，或者次序乱了。下次会重新问平台；总是这样，请报告县里。"
    )]
    OutOfOrder {
        /// The one that should have come.
        expected: u64,
        /// The one that came.
        number: u64,
    },
    /// A batch that does not follow from what is held.
    #[error("第 {number} 批和这里已有的接不上，前面的内容被换过。请报告县里，由平台管理员查一查。")]
    BrokenChain {
        /// Which batch.
        number: u64,
    },
    /// A batch of another feed than the one that is followed.
    #[error("送来的第 {number} 批属于另一个平台的更新。请报告县里，核对平台网址。")]
    OtherFeed {
        /// Which batch.
        number: u64,
    },
    /// The feed is further on than the batches that came.
    #[error(
        "平台说已经到第 {head} 批，却只给到第 {number} 批：后面的被截断了。下次会接着问；总是这样，请报告县里。"
    )]
    Truncated {
        /// Where the platform says it is.
        head: u64,
        /// How far the batches led.
        number: u64,
    },
    /// A file that is not the one that was named.
    #[error("下载的内容和签名里写的对不上，路上坏了或者被改过。已经扔掉，下次重新下载。")]
    WrongContent,
    /// A payload that cannot be unpacked or read although it is the one that was signed.
    #[error(
        "第 {number} 批的内容读不懂：{reason}。可能终端的程序太旧，请升级；升级了还这样，请报告县里。"
    )]
    Unreadable {
        /// Which batch.
        number: u64,
        /// What is wrong.
        reason: String,
    },
}
