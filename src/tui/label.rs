//! The fixed words of the screen in both languages. Each has both by construction; sentences with arguments come from
//! `text`. `{}` stands for the one thing a word is about.

use crate::text::Lang;

macro_rules! words {
    ($($name:ident = $en:literal, $zh:literal;)*) => {
        /// A word of the screen.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs)] // The words are in the table below.
        pub enum W { $($name,)* }

        /// The word in that language.
        pub fn word(lang: Lang, w: W) -> &'static str {
            match (lang, w) {
                $((Lang::En, W::$name) => $en, (Lang::Zh, W::$name) => $zh,)*
            }
        }

        /// Every word, for checks.
        pub const ALL: &[W] = &[$(W::$name,)*];
    };
}

words! {
    Search = "Search", "搜索";
    Profile = "Profile", "客户全景";
    Summary = "Summary", "概览";
    Timeline = "Timeline", "动态";
    Orders = "orders", "订单数";
    OrdersTab = "Orders", "订单";
    Of = "of", "/";
    Colon = ": ", "：";
    Comma = ", ", "，";

    Name = "name", "姓名";
    Number = "number", "编号";
    Phone = "phone", "电话";
    Why = "found by", "匹配";
    City = "city", "城市";
    Company = "company", "公司";
    Owner = "owner", "负责人";
    Last = "last", "上次";
    Next = "next", "下次";
    NoName = "(no name)", "(未填姓名)";
    Pinyin = "pinyin", "拼音";
    Order = "Order", "订单";
    Email = "e-mail", "邮箱";
    Social = "account", "账号";
    Tag = "tag", "标签";
    OtherPhone = "phone", "电话";
    AlsoNamed = "also", "曾用名";

    Wechat = "WeChat", "微信";
    Place = "place", "地址";
    Occupation = "job", "职业";
    Born = "born", "生日";
    Source = "source", "来源";
    Since = "since", "建档";
    Ordered = "ordered", "订单额";
    Paid = "paid", "已回";
    Owed = "owed", "未回";
    Balance = "balance", "储值";
    Points = "points", "积分";
    FirstOrder = "first order", "首单";
    LastOrder = "last order", "末单";
    LastContact = "last contact", "上次联系";
    NextStep = "next step", "下次跟进";
    OpenDeals = "open deals", "商机";
    LastTouches = "last touches", "最近动态";
    Archived = "archived", "已归档";
    SamePhone = "same phone", "同号客户";
    Every = "every", "每";
    Days = "d", "天";
    Never = "never", "从未";
    NoNext = "none planned", "未安排";
    NoOrder = "no order yet", "还没有订单";
    NoTouch = "nothing yet", "还没有记录";
    OpenTickets = "Open tickets", "未结工单";
    DoNotContact = "Do not contact by", "勿扰";
    Closes = "closes", "预计";
    OlderRows = "older rows", "条更早的记录";

    Payment = "Payment", "回款";
    Deal = "Deal", "商机";
    Task = "Task", "待办";
    Contract = "Contract", "合同";
    Campaign = "Campaign", "营销活动";
    Stage = "Stage", "阶段";
    Relation = "Relation", "关系";
    FollowUp = "follow-up", "跟进";
    Open = "open", "待处理";
    Closed = "closed", "已关闭";
    Done = "done", "已完成";
    Overdue = "overdue", "已逾期";
    Until = "until", "至";
    NoProduct = "item", "产品";
    Date = "date", "日期";
    Items = "items", "明细";
    Amount = "amount", "金额";
    Status = "status", "状态";

    EmptyFind = "Find a customer by", "可以这样找客户";
    EmptyName = "name or pinyin", "姓名或拼音";
    EmptyPhone = "any part of a phone", "电话的任意几位";
    EmptyOrder = "order number", "订单号";
    EmptyMore = "e-mail, company, city, tag", "邮箱、公司、城市、标签";
    EmptyBoth = "two together", "组合着找";
    EmptyHow = "The card shows while you type.", "边输入边显示客户卡片。";
    NobodyHas = "Nobody has “{}”.", "没有找到“{}”。";
    NobodyHint = "Enter adds a new customer with it.", "按回车以此新建客户。";
    StillOpening = "Part of the book is still being opened.", "客户簿还在打开，部分客户暂时搜不到。";
    NobodyChosen = "Nobody is chosen yet.", "还没有选中客户。";
    Looking = "looking…", "查找中…";
    TypeAlready = "Type already: it is looked for as soon as the book is open.", "可以先输入，打开后立即查找。";

    LogTitle = "Log a follow-up", "记跟进";
    Channel = "channel", "方式";
    Outcome = "outcome", "结果";
    Note = "note", "内容";
    NextDate = "next", "下次";
    When = "when", "时间";
    Now = "now", "现在";
    NoteGhost = "what was said", "说了什么";
    NoteTray = "Several lines are welcome.", "可以写多行。";
    NextGhost = "3d, fri, 1w, 12-05, tomorrow 3pm", "3d、周五、1w、12-05、明天下午3点";
    Stays = "{} stays unless changed", "留空则保留 {}";
    DateTray = "3d · 1w · fri · 12-05 · tomorrow 3pm · 月底", "3d · 1w · 周五 · 12-05 · 明天下午3点 · 月底";
    WhenTray = "When it happened: 9:30, yesterday 3pm; empty is now.", "发生时间：9:30、昨天下午3点；留空为现在。";
    TheyCame = "they contacted us", "客户发起";
    WeWent = "we contacted them", "我方发起";
    CapitalIn = "press a key; its capital = they contacted us", "按键选择；大写 = 客户发起";
    CapitalOut = "press a key; its capital = we contacted them", "按键选择；大写 = 我方发起";
    NeedChannel = "Choose a channel first: press its key.", "请先按键选择跟进方式。";
    DraftKept = "Draft kept: log again to go on.", "草稿已保留，再次记跟进可继续。";

    AddTitle = "New customer", "新建客户";
    NameTray = "As they write it themselves.", "按客户自己的写法。";
    AlreadyThere = "already there:", "已存在：";
    NeedName = "A customer needs a name.", "客户需要姓名。";
    PhonesTray = "Several with commas between.", "多个号码用逗号隔开。";
    SeveralTray = "Several with commas between; empty is unknown.", "多个用逗号隔开；留空为未知。";
    DayTray = "1990-05-17; empty is unknown.", "1990-05-17；留空为未知。";
    EmptyTray = "Empty is unknown.", "留空为未知。";
    EditTitle = "Edit", "编辑";
    Value = "value", "内容";
    Present = "now", "当前";
    Unknown = "unknown", "未知";
    Yes = "yes", "是";
    No = "no", "否";

    TaskTitle = "New task", "新建待办";
    About = "about", "事项";
    Due = "due", "截止";
    AboutTray = "What is to be done.", "要做什么。";
    NeedAbout = "Say what is to be done.", "请写明要做什么。";

    HistoryTitle = "History", "变更记录";
    NoHistory = "Nothing has changed yet.", "还没有变更。";
    TakenBackBy = "taken back by", "已撤销";
    PaletteTitle = "Commands", "命令面板";
    TypeToFind = "type a few letters", "输入几个字母";
    NothingFits = "Nothing fits.", "没有匹配项。";
    EnterMakesNew = "Enter makes it new.", "按回车新建。";

    HelpTitle = "Help", "帮助";

    NotDate = "“{}” is no date: try 3d, fri, 12-05, tomorrow 3pm.", "“{}”不是日期：可写 3d、周五、12-05、明天下午3点。";
    NotWhole = "“{}” is no whole number.", "“{}”不是整数。";
    NotAmount = "“{}” is no amount: try 1234.50 or 5万.", "“{}”不是金额：可写 1234.50 或 5万。";
    NotYesNo = "“{}” is neither yes nor no.", "“{}”应为是或否。";
    NotPhone = "“{}” is no phone: five to fifteen digits.", "“{}”不是电话：应为 5 到 15 位数字。";
    NotEmail = "“{}” is no e-mail address.", "“{}”不是邮箱地址。";
    NotHere = "“{}” cannot be typed here.", "“{}”不能在这里填写。";
    NotYetOpen = "The book is not open yet.", "客户簿尚未打开。";
    NoSuchWord = "“{}” is not in the list.", "列表中没有“{}”。";
    NoSuchName = "Nobody and nothing is called “{}”.", "没有叫“{}”的。";
    DidYouMean = "Did you mean “{}”?", "是不是“{}”？";
    StillLoading = "The profile is still on its way.", "客户资料还在读取。";
    Copied = "Copied: {}", "已复制：{}";
    Saving = "saving…", "保存中…";
    SavedWord = "saved", "已保存";
    NotSaved = "Not saved:", "未保存：";
    UnknownChecking = "Unknown whether it is saved; checking.", "尚不确定是否已保存，正在核对。";
    UnknownLook = "Unknown whether it is saved: look at the history before saving again.", "尚不确定是否已保存：再次保存前请先查看变更记录。";
    DraftsLeft = "{} unsaved draft would be lost; quit again to leave.", "还有 {} 份草稿未保存；再次退出将丢弃。";
    SampleDay = "sample day", "演示日期";
    ToUndo = "undo", "撤销";
    ToRedo = "redo", "重做";

    KeyOpen = "open", "打开";
    KeyList = "list", "列表";
    KeyBox = "search", "搜索";
    KeyLog = "log", "记跟进";
    KeyEdit = "edit", "编辑";
    KeyTask = "task", "待办";
    KeyTag = "tag", "标签";
    KeyNew = "new", "新建";
    KeyHelp = "help", "帮助";
    KeyBack = "back", "返回";
    KeyNextHit = "next", "下一个";
    KeySave = "save", "保存";
    KeyField = "next field", "下一项";
    KeyLine = "line break", "换行";
    KeyCancel = "cancel", "取消";
    KeyCopy = "copy phone", "复制电话";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_both_languages_and_the_same_places_to_fill() {
        for w in ALL {
            let (en, zh) = (word(Lang::En, *w), word(Lang::Zh, *w));
            assert!(!en.is_empty() && !zh.is_empty(), "{w:?}");
            assert_eq!(en.contains("{}"), zh.contains("{}"), "{w:?}");
        }
    }
}
