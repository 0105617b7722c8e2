//! Reads one TOML file with the line of everything, collecting problems instead of stopping at the first.

use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::Problem;
use super::rules::Verdict;

/// A file's text; empty when it could not be read, which has then been reported.
pub(super) struct File {
    path: PathBuf,
    text: String,
    readable: bool,
}

/// Reads the file, reporting when it cannot be.
pub(super) fn read_file(path: &Path, problems: &RefCell<Vec<Problem>>) -> File {
    let (wrong, instead, detail) = match std::fs::read(path).map(String::from_utf8) {
        Ok(Ok(text)) => {
            return File {
                path: path.to_owned(),
                text,
                readable: true,
            };
        }
        Ok(Err(error)) => (
            "不是 UTF-8 编码的文字",
            "请用 UTF-8 编码另存一次",
            error.to_string(),
        ),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => (
            "没有这个文件",
            "请从安装包的 kiosk-config 文件夹拷一份过来",
            error.to_string(),
        ),
        Err(error) => ("打不开这个文件", "请检查文件权限", error.to_string()),
    };
    problems.borrow_mut().push(Problem {
        file: path.to_owned(),
        line: None,
        wrong: wrong.to_owned(),
        instead: instead.to_owned(),
        detail: Some(detail),
    });
    File {
        path: path.to_owned(),
        text: String::new(),
        readable: false,
    }
}

impl File {
    /// The file's top level.
    pub(super) fn section<'a>(&'a self, problems: &'a RefCell<Vec<Problem>>) -> Section<'a> {
        let (table, errors) = DeTable::parse_recoverable(&self.text);
        // One slip makes several follow-up errors; the first names the place.
        if let Some(error) = errors.first() {
            problems.borrow_mut().push(Problem {
                file: self.path.clone(),
                line: error.span().map(|span| line_of(&self.text, span.start)),
                wrong: "这一行的写法不对".to_owned(),
                instead: "一般写成 名字 = \"内容\"，引号要成对，同一个名字只写一次".to_owned(),
                detail: Some(error.message().to_owned()),
            });
        }
        Section {
            file: self,
            table: table.into_inner(),
            line: None,
            name: String::new(),
            problems,
            // What is missing from a file that cannot be read is not worth naming one by one.
            silent: !errors.is_empty() || !self.readable,
            known: RefCell::new(Vec::new()),
        }
    }
}

/// A table of the file. What was asked for is known; whatever else is in it is reported when it is dropped.
pub(super) struct Section<'a> {
    file: &'a File,
    table: DeTable<'a>,
    line: Option<usize>,
    name: String,
    problems: &'a RefCell<Vec<Problem>>,
    silent: bool,
    known: RefCell<Vec<&'static str>>,
}

impl<'a> Section<'a> {
    /// A text that must be there and follow the rule; empty when it was reported.
    pub(super) fn text(&self, key: &'static str, rule: &dyn Fn(&str) -> Verdict) -> String {
        self.optional_text(key, rule).unwrap_or_else(|| {
            self.missing(key);
            String::new()
        })
    }

    /// A text that may be left out.
    pub(super) fn optional_text(
        &self,
        key: &'static str,
        rule: &dyn Fn(&str) -> Verdict,
    ) -> Option<String> {
        let value = self.value(key)?;
        let Some(text) = value.get_ref().as_str() else {
            self.report(
                value.span(),
                format!("{} 应是带引号的文字", self.full(key)),
                format!("请写成 {key} = \"…\""),
            );
            return Some(String::new());
        };
        if let Err((wrong, instead)) = rule(text) {
            let wrong = format!("{} {wrong}，现在是“{text}”", self.full(key));
            self.report(value.span(), wrong, instead);
        }
        Some(text.to_owned())
    }

    /// A whole number within a range; required when there is no `usual` one.
    pub(super) fn number(
        &self,
        key: &'static str,
        range: RangeInclusive<u32>,
        usual: Option<u32>,
    ) -> u32 {
        let Some(value) = self.value(key) else {
            return usual.unwrap_or_else(|| {
                self.missing(key);
                *range.start()
            });
        };
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|n| u32::from_str_radix(n.as_str(), n.radix()).ok())
            .filter(|number| range.contains(number));
        number.unwrap_or_else(|| {
            let (from, to) = (range.start(), range.end());
            self.report(
                value.span(),
                format!("{} 应是 {from} 到 {to} 之间的整数", self.full(key)),
                match usual {
                    Some(usual) => format!("一般写 {key} = {usual}"),
                    None => format!("例如 {key} = {from}"),
                },
            );
            *from
        })
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self, key: &'static str, usual: bool) -> bool {
        let Some(value) = self.value(key) else {
            return usual;
        };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.report(
                value.span(),
                format!("{} 只能是 true（是）或 false（否）", self.full(key)),
                format!("一般写 {key} = {usual}"),
            );
            usual
        })
    }

    /// One of several words.
    pub(super) fn word<T: Copy>(&self, key: &'static str, words: &[(&str, T)], usual: T) -> T {
        let Some(value) = self.value(key) else {
            return usual;
        };
        let said = value.get_ref().as_str();
        if let Some((_, meaning)) = words.iter().find(|(word, _)| Some(*word) == said) {
            return *meaning;
        }
        let list: Vec<_> = words
            .iter()
            .map(|(word, _)| format!("\"{word}\""))
            .collect();
        self.report(
            value.span(),
            format!("{} 的写法不认识", self.full(key)),
            format!("请从这些里面选一个：{}", list.join("、")),
        );
        usual
    }

    /// The raw value, for what may be of more than one kind.
    pub(super) fn value(&self, key: &'static str) -> Option<&Spanned<DeValue<'a>>> {
        self.known.borrow_mut().push(key);
        self.table.get(key)
    }

    /// A table that may be left out.
    pub(super) fn section(&self, key: &'static str) -> Option<Section<'a>> {
        let value = self.value(key)?;
        if let Some(table) = value.get_ref().as_table() {
            return Some(self.inner(key, table.clone(), value.span()));
        }
        self.report(
            value.span(),
            format!("{} 应是一段", self.full(key)),
            format!("请写成单独一行 [{key}]，下面再写内容"),
        );
        None
    }

    /// A list of tables that may be left out.
    pub(super) fn sections(&self, key: &'static str) -> Vec<Section<'a>> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let tables: Option<Vec<_>> = value.get_ref().as_array().and_then(|array| {
            array
                .iter()
                .map(|item| Some((item.get_ref().as_table()?.clone(), item.span())))
                .collect()
        });
        let Some(tables) = tables else {
            self.report(
                value.span(),
                format!("{} 应是一段一段的", self.full(key)),
                format!("每一段以单独一行 [[{key}]] 开头"),
            );
            return Vec::new();
        };
        tables
            .into_iter()
            .map(|(table, span)| self.inner(key, table, span))
            .collect()
    }

    /// Reports what is wrong with this table as a whole.
    pub(super) fn report_here(&self, wrong: String, instead: &str) {
        self.push(self.line, wrong, instead.to_owned());
    }

    /// Reports what is wrong with a value.
    pub(super) fn report(&self, span: Range<usize>, wrong: String, instead: String) {
        self.push(Some(line_of(&self.file.text, span.start)), wrong, instead);
    }

    /// The key with the name of its table.
    pub(super) fn full(&self, key: &str) -> String {
        if self.name.is_empty() {
            key.to_owned()
        } else {
            format!("[{}] 里的 {key}", self.name)
        }
    }

    fn inner(&self, key: &str, table: DeTable<'a>, span: Range<usize>) -> Section<'a> {
        Section {
            file: self.file,
            table,
            line: Some(line_of(&self.file.text, span.start)),
            name: key.to_owned(),
            problems: self.problems,
            silent: self.silent,
            known: RefCell::new(Vec::new()),
        }
    }

    fn missing(&self, key: &str) {
        self.push(
            self.line,
            format!("缺少 {}", self.full(key)),
            format!("请加上一行 {key} = …，写法见安装包里的样例"),
        );
    }

    fn push(&self, line: Option<usize>, wrong: String, instead: String) {
        if self.silent {
            return;
        }
        self.problems.borrow_mut().push(Problem {
            file: self.file.path.clone(),
            line,
            wrong,
            instead,
            detail: None,
        });
    }
}

impl Drop for Section<'_> {
    fn drop(&mut self) {
        let known = self.known.borrow();
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if known.contains(&name) {
                continue;
            }
            let nearest = known
                .iter()
                .map(|candidate| (strsim::jaro_winkler(candidate, name), *candidate))
                .filter(|(likeness, _)| *likeness > 0.75)
                .max_by(|(a, _), (b, _)| a.total_cmp(b));
            let instead = match nearest {
                Some((_, candidate)) => format!("是不是想写 {candidate}"),
                None => format!("可以写的有：{}", known.join("、")),
            };
            self.report(key.span(), format!("不认识 {}", self.full(name)), instead);
        }
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
}
