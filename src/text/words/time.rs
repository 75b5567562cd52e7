//! Days, spans of time and the units of counts.

use super::Word;

/// Ascending by code.
pub(super) const WORDS: &[Word] = &[
    ("unit.customers", "customer|customers", "人"),
    ("unit.days", "day|days", "天"),
    ("unit.deals", "deal|deals", "个"),
    ("unit.hits", "hit|hits", "条"),
    ("unit.orders", "order|orders", "单"),
    ("unit.organisations", "organisation|organisations", "家"),
    ("unit.records", "record|records", "条"),
    ("unit.tasks", "task|tasks", "个"),
    ("when.days-ago", "{n} d ago", "{n}天前"),
    ("when.empty", "Type a day: 3d, fri, 12-05, tomorrow 3pm", "请输入日期：3天后、周五、12-05、明天下午3点"),
    ("when.hours-ago", "{n} h ago", "{n}小时前"),
    ("when.in-days", "in {n} d", "{n}天后"),
    ("when.just-now", "just now", "刚刚"),
    ("when.minutes-ago", "{n} min ago", "{n}分钟前"),
    ("when.months-ago", "{n} mo ago", "{n}个月前"),
    ("when.no-such-clock", "There is no {word} on the clock; what fits: {fits}", "没有“{word}”这个钟点；可写：{fits}"),
    ("when.no-such-day", "There is no {word}; what fits: {fits}", "没有“{word}”这一天；可写：{fits}"),
    ("when.overdue-days", "{n} d overdue", "已逾期{n}天"),
    ("when.overdue-hours", "{n} h overdue", "已逾期{n}小时"),
    ("when.overdue-minutes", "{n} min overdue", "已逾期{n}分钟"),
    ("when.today", "today", "今天"),
    ("when.today-at", "today {clock}", "今天 {clock}"),
    ("when.tomorrow", "tomorrow", "明天"),
    ("when.tomorrow-at", "tomorrow {clock}", "明天 {clock}"),
    ("when.too-far", "“{word}” is further than the calendar goes; what fits: {fits}", "“{word}”超出日历范围；可写：{fits}"),
    ("when.unknown", "“{word}” is no day; what fits: {fits}", "“{word}”不是日期；可写：{fits}"),
    ("when.years-ago", "{n} y ago", "{n}年前"),
    ("when.yesterday", "yesterday", "昨天"),
];
