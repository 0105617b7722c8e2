//! What is wrong in a configuration file, said so that a technician can put it right.

use std::fmt;
use std::path::PathBuf;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// The file.
    pub file: PathBuf,
    /// Line, from 1; none when the whole file is meant.
    pub line: Option<usize>,
    /// What is wrong, in Chinese.
    pub wrong: String,
    /// What to write instead, in Chinese.
    pub instead: String,
    /// What the parser or the operating system said, as it said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, " 第 {line} 行")?;
        }
        write!(f, "：{}。{}。", self.wrong, self.instead)?;
        if let Some(detail) = &self.detail {
            write!(f, "（{detail}）")?;
        }
        Ok(())
    }
}

/// All that is wrong, in the order of the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigErrors {
    /// At least one.
    pub problems: Vec<Problem>,
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "配置有 {} 处要改：", self.problems.len())?;
        for (at, problem) in self.problems.iter().enumerate() {
            write!(f, "\n  {}. {problem}", at + 1)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}
