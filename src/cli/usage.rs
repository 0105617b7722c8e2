//! A command that was not understood, explained in Chinese.

use std::fmt::Write;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::exit::{Exit, Output};

/// Help and version are printed as they are; every mistake is said in words, with a way on.
pub(super) fn explain(error: &clap::Error) -> Output {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        return Output::text(error.to_string());
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Output {
            text: String::new(),
            complaint: error.to_string(),
            exit: Exit::Usage,
        };
    }
    let named = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        _ => String::new(),
    };
    let mut said = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!("没有“{}”这个命令。", named(ContextKind::InvalidSubcommand))
        }
        ErrorKind::UnknownArgument => {
            format!("没有“{}”这个选项。", named(ContextKind::InvalidArg))
        }
        ErrorKind::MissingRequiredArgument => {
            format!("还要写上：{}。", named(ContextKind::InvalidArg))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let (value, place) = (
                named(ContextKind::InvalidValue),
                named(ContextKind::InvalidArg),
            );
            if value.is_empty() {
                format!("{place} 后面要写上内容。")
            } else {
                format!("{place} 不能写成“{value}”。")
            }
        }
        _ => "命令写得不对。".to_owned(),
    };
    let suggestion = [
        named(ContextKind::SuggestedSubcommand),
        named(ContextKind::SuggestedArg),
    ]
    .concat();
    if !suggestion.is_empty() {
        let _ = write!(said, "是不是想写 {suggestion}？");
    }
    said.push_str("\n看说明：jinban --help\n");
    Output {
        text: String::new(),
        complaint: said,
        exit: Exit::Usage,
    }
}
