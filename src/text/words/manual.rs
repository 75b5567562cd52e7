//! The words of the manual itself.

use super::Word;

/// Ascending by code.
pub(super) const WORDS: &[Word] = &[
    ("holds.bool", "yes or no", "是或否"),
    ("holds.code", "one of: {fits}", "其一：{fits}"),
    ("holds.codes", "several of: {fits}", "可多选：{fits}"),
    ("holds.consents", "channels, with a date: call:2026-01-31", "渠道，可带日期：call:2026-01-31"),
    ("holds.day", "day", "日期"),
    ("holds.emails", "e-mail addresses", "若干邮箱"),
    ("holds.int", "whole number", "整数"),
    ("holds.lines", "order lines", "订单明细"),
    ("holds.moment", "moment", "时间"),
    ("holds.money", "amount", "金额"),
    ("holds.note", "text of any length", "长文字"),
    ("holds.phones", "phone numbers", "若干手机号"),
    ("holds.props", "properties, one column each: props.NAME", "属性，每项一列：props.名称"),
    ("holds.ref", "one of the {kind}", "{kind}之一"),
    ("holds.refs", "several {kind}", "若干{kind}"),
    ("holds.tags", "names of tags", "标签名"),
    ("holds.text", "text", "文字"),
    ("holds.texts", "several texts", "若干文字"),
    (
        "manual.commands-intro",
        "Commands as the : line and keymap files write them. Arguments in [ ] may be left out.",
        "命令行与键位文件中的写法。[ ] 中的参数可省略。",
    ),
    (
        "manual.fields-intro",
        "Fields by kind of record, with the column heads that are read as well.",
        "各类记录的字段，以及同样识别的列名。",
    ),
    (
        "manual.formats-intro",
        "Kinds of file for import and export, with their columns, the key first. Dates are YYYY-MM-DD, moments YYYY-MM-DD HH:MM[:SS]; lists are separated by ; and booleans are yes or no.",
        "可导入导出的文件类别及其列，关键列在前。日期为 YYYY-MM-DD，时间为 YYYY-MM-DD HH:MM[:SS]；列表用 ; 分隔，是否用 yes 或 no。",
    ),
    ("manual.heads", "Also read from", "也识别"),
    (
        "manual.keys-intro",
        "Keys of the {name} map. While text is typed, plain letters are text. Full-width keys act as half-width.",
        "{name} 键位。输入文字时，普通字母即为文字。全角键等同半角键。",
    ),
    ("manual.not-here", "Not here", "此处不可用"),
];
