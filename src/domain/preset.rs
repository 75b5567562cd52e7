//! The entries that ship with the programme, per dictionary. Codes are stored: never renumber, only add.

use super::dict::Dict;

/// One shipped entry.
#[derive(Debug)]
pub struct Preset {
    /// The dictionary.
    pub dict: Dict,
    /// The stored code.
    pub code: u32,
    /// The word in files.
    pub key: &'static str,
    /// English label.
    pub en: &'static str,
    /// Chinese label.
    pub zh: &'static str,
    /// The key that picks it in a popup.
    pub hot: Option<char>,
    /// Other words that mean it, separated by `|`.
    pub also: &'static str,
}

const fn p(dict: Dict, code: u32, key: &'static str, en: &'static str, zh: &'static str, hot: Option<char>, also: &'static str) -> Preset {
    Preset { dict, code, key, en, zh, hot, also }
}

/// Every shipped entry.
pub static PRESETS: &[Preset] = &[
    p(Dict::Channel, 1, "call", "Call", "电话", Some('c'), "phone|telephone|电话|电话沟通"),
    p(Dict::Channel, 2, "wechat", "WeChat", "微信", Some('w'), "weixin|wx"),
    p(Dict::Channel, 3, "visit", "Visit", "拜访", Some('v'), "meeting|meet|上门"),
    p(Dict::Channel, 4, "email", "E-mail", "邮件", Some('e'), "e-mail|mail|邮箱"),
    p(Dict::Channel, 5, "sms", "SMS", "短信", Some('s'), "text|text message"),
    p(Dict::Channel, 6, "live_chat", "Live chat", "在线客服", Some('l'), "chat|客服"),
    p(Dict::Channel, 7, "service_account", "Service account", "公众号服务号", Some('a'), "公众号|服务号"),
    p(Dict::Channel, 8, "wecom", "WeCom", "企业微信", Some('q'), "企微"),
    p(Dict::Channel, 9, "mini_program", "Mini program", "小程序", None, ""),
    p(Dict::Channel, 10, "marketplace", "Marketplace", "电商平台", None, "电商"),
    p(Dict::Channel, 11, "short_video", "Short video", "短视频", None, ""),
    p(Dict::Channel, 12, "social_dm", "Social message", "社交私信", None, "私信|social"),
    p(Dict::Channel, 13, "store", "Store", "门店", Some('m'), "shop|retail"),
    p(Dict::Channel, 14, "expo", "Expo", "展会", Some('x'), "trade show|exhibition|fair"),
    p(Dict::Channel, 15, "seminar", "Seminar", "咖啡课堂", None, "class|course|研讨会|课堂"),
    p(Dict::Channel, 16, "referral", "Referral", "转介绍", Some('r'), "老带新|word of mouth"),
    p(Dict::Channel, 17, "partner", "Partner", "合作方", Some('p'), "distributor"),
    p(Dict::Channel, 18, "website", "Website", "官网", Some('b'), "web|online|site"),
    p(Dict::Channel, 19, "device", "Device", "设备", Some('d'), ""),
    p(Dict::Channel, 20, "other", "Other", "其他", Some('o'), ""),
    p(Dict::Direction, 1, "out", "Outbound", "我方发起", Some('o'), "outbound|outgoing|外呼|去电"),
    p(Dict::Direction, 2, "in", "Inbound", "客户发起", Some('i'), "inbound|incoming|来电|来访"),
    p(Dict::InteractionKind, 1, "follow_up", "Follow-up", "跟进", Some('f'), "followup|follow up"),
    p(Dict::InteractionKind, 2, "consultation", "Consultation", "咨询", Some('c'), "question"),
    p(Dict::InteractionKind, 3, "service", "Service", "服务", Some('s'), "support"),
    p(Dict::InteractionKind, 4, "return_visit", "Return visit", "回访", Some('r'), "revisit"),
    p(Dict::InteractionKind, 5, "content", "Content", "内容", Some('t'), ""),
    p(Dict::Outcome, 1, "answered", "Answered", "已接通", Some('a'), "connected|接通|ok"),
    p(Dict::Outcome, 2, "no_answer", "No answer", "未接", Some('n'), "no answer|missed|未接通"),
    p(Dict::Outcome, 3, "interested", "Interested", "有意向", Some('i'), "有兴趣"),
    p(Dict::Outcome, 4, "refused", "Refused", "拒绝", Some('r'), "not interested|declined"),
    p(Dict::Outcome, 5, "ordered", "Ordered", "已下单", Some('o'), "bought|purchase"),
    p(Dict::Outcome, 6, "quote", "Wants a quote", "要报价", Some('q'), "quote wanted|wants quote"),
    p(Dict::Outcome, 7, "later", "Later", "下月再说", Some('l'), "call later|以后再说"),
    p(Dict::Outcome, 8, "solved", "Solved", "已解决", Some('s'), "resolved"),
    p(Dict::Outcome, 9, "call_back", "Call back", "待回电", Some('b'), "callback"),
    p(Dict::Outcome, 10, "passed_on", "Passed on", "已转交", Some('p'), "escalated|转交"),
    p(Dict::Outcome, 11, "replied", "Replied", "已回复", Some('e'), ""),
    p(Dict::OrderStatus, 1, "open", "Open", "待处理", Some('o'), "pending|new|processing|待发货"),
    p(Dict::OrderStatus, 2, "done", "Done", "已完成", Some('d'), "completed|complete|shipped|delivered|fulfilled|paid|已发货|已付款|完成"),
    p(Dict::OrderStatus, 3, "cancelled", "Cancelled", "已取消", Some('c'), "canceled|void|取消"),
    p(Dict::OrderStatus, 4, "refunded", "Refunded", "已退款", Some('r'), "returned|退款|退货"),
    p(Dict::PayMethod, 1, "transfer", "Bank transfer", "银行转账", Some('t'), "bank|wire|转账|对公转账"),
    p(Dict::PayMethod, 2, "wechat_pay", "WeChat Pay", "微信支付", Some('w'), "wechat|微信"),
    p(Dict::PayMethod, 3, "alipay", "Alipay", "支付宝", Some('a'), ""),
    p(Dict::PayMethod, 4, "card", "Card", "刷卡", Some('c'), "credit card|银行卡"),
    p(Dict::PayMethod, 5, "cash", "Cash", "现金", Some('m'), ""),
    p(Dict::PayMethod, 6, "balance", "Balance", "储值余额", Some('b'), "stored value|余额"),
    p(Dict::PayMethod, 7, "other", "Other", "其他", Some('o'), ""),
    p(Dict::ContractStatus, 1, "active", "Active", "生效中", Some('a'), "in force"),
    p(Dict::ContractStatus, 2, "ended", "Ended", "已结束", Some('e'), "expired|到期"),
    p(Dict::ContractStatus, 3, "renewed", "Renewed", "已续约", Some('r'), ""),
    p(Dict::ContractStatus, 4, "cancelled", "Cancelled", "已取消", Some('c'), "terminated|终止"),
    p(Dict::TicketType, 1, "complaint", "Complaint", "投诉", Some('c'), ""),
    p(Dict::TicketType, 2, "question", "Question", "咨询", Some('q'), "enquiry|inquiry"),
    p(Dict::TicketType, 3, "repair", "Repair", "报修", Some('r'), "fault|defect|维修"),
    p(Dict::TicketType, 4, "return", "Return", "退换", Some('x'), "exchange|refund|退货"),
    p(Dict::TicketType, 5, "other", "Other", "其他", Some('o'), ""),
    p(Dict::Severity, 1, "high", "High", "高", Some('h'), "urgent|紧急"),
    p(Dict::Severity, 2, "medium", "Medium", "中", Some('m'), "normal|一般"),
    p(Dict::Severity, 3, "low", "Low", "低", Some('l'), "minor"),
    p(Dict::Gender, 1, "female", "Female", "女", Some('f'), "f|woman|女士|女性"),
    p(Dict::Gender, 2, "male", "Male", "男", Some('m'), "m|man|先生|男性"),
    p(Dict::Gender, 3, "other", "Other", "其他", Some('o'), ""),
    p(Dict::CustomerKind, 1, "person", "Person", "个人客户", Some('p'), "individual|个人"),
    p(Dict::CustomerKind, 2, "organisation", "Organisation", "企业客户", Some('o'), "organization|company|firm|企业|公司"),
    p(Dict::CustomerKind, 3, "visitor", "Visitor", "访客", Some('v'), "anonymous"),
    p(Dict::CustomerRole, 1, "lead", "Lead", "线索", Some('l'), ""),
    p(Dict::CustomerRole, 2, "customer", "Customer", "客户", Some('c'), ""),
    p(Dict::CustomerRole, 3, "member", "Member", "会员", Some('m'), "vip"),
    p(Dict::CustomerRole, 4, "user", "User", "种子用户", Some('u'), ""),
    p(Dict::CustomerRole, 5, "referrer", "Referrer", "推荐人", Some('r'), ""),
    p(Dict::CustomerRole, 6, "seller", "Seller", "分销", Some('s'), "distributor"),
    p(Dict::CustomerRole, 7, "fan", "Fan", "粉丝", Some('f'), ""),
    p(Dict::CustomerRole, 8, "employee", "Employee", "员工", Some('e'), "staff"),
    p(Dict::CustomerRole, 9, "opinion_leader", "Opinion leader", "意见领袖", Some('k'), "kol|达人"),
    p(Dict::CustomerType, 1, "retail", "Retail", "零售", None, "consumer"),
    p(Dict::CustomerType, 2, "business", "Business", "企业", None, "b2b|corporate"),
    p(Dict::CustomerType, 3, "distributor", "Distributor", "经销商", None, "dealer|经销"),
    p(Dict::CustomerType, 4, "member_club", "Member club", "会员", None, ""),
    p(Dict::MemberLevel, 1, "green", "Green bean", "青豆", None, ""),
    p(Dict::MemberLevel, 2, "silver", "Silver bean", "银豆", None, ""),
    p(Dict::MemberLevel, 3, "gold", "Gold bean", "金豆", None, ""),
    p(Dict::MemberLevel, 4, "black", "Black bean", "黑豆", None, ""),
    p(Dict::Industry, 1, "technology", "Technology", "科技", None, "technolgy|tech|it|互联网"),
    p(Dict::Industry, 2, "medical", "Medical", "医疗", None, "health|healthcare"),
    p(Dict::Industry, 3, "retail", "Retail", "零售", None, ""),
    p(Dict::Industry, 4, "finance", "Finance", "金融", None, "banking"),
    p(Dict::Industry, 5, "software", "Software", "软件", None, ""),
    p(Dict::Industry, 6, "entertainment", "Entertainment", "娱乐", None, ""),
    p(Dict::Industry, 7, "marketing", "Marketing", "营销", None, "advertising"),
    p(Dict::Industry, 8, "telecom", "Telecommunications", "电信", None, "telecommunications|telco"),
    p(Dict::Industry, 9, "services", "Services", "服务", None, "service"),
    p(Dict::Industry, 10, "employment", "Employment", "人力资源", None, "hr"),
    p(Dict::Industry, 11, "hotel", "Hotels", "酒店", None, "hospitality"),
    p(Dict::Industry, 12, "law", "Law", "法律", None, "legal|律所"),
    p(Dict::Industry, 13, "books", "Bookshops", "书店", None, "bookshop"),
    p(Dict::Industry, 14, "property", "Property", "物业", None, "real estate|地产"),
    p(Dict::Industry, 15, "coworking", "Coworking", "联合办公", None, ""),
    p(Dict::Industry, 16, "events", "Events", "会展", None, ""),
    p(Dict::Industry, 17, "fitness", "Fitness", "健身", None, "gym"),
    p(Dict::Industry, 18, "teahouse", "Teahouses", "茶馆", None, ""),
    p(Dict::Industry, 19, "education", "Education", "教育", None, ""),
    p(Dict::Industry, 20, "manufacturing", "Manufacturing", "制造", None, ""),
    p(Dict::Occupation, 1, "engineer", "Engineer", "工程师", None, ""),
    p(Dict::Occupation, 2, "teacher", "Teacher", "教师", None, ""),
    p(Dict::Occupation, 3, "designer", "Designer", "设计师", None, ""),
    p(Dict::Occupation, 4, "manager", "Manager", "经理", None, ""),
    p(Dict::Occupation, 5, "doctor", "Doctor", "医生", None, ""),
    p(Dict::Occupation, 6, "student", "Student", "学生", None, ""),
    p(Dict::Occupation, 7, "freelancer", "Freelancer", "自由职业", None, ""),
    p(Dict::Occupation, 8, "clerk", "Clerk", "职员", None, ""),
    p(Dict::Occupation, 9, "owner", "Owner", "个体经营", None, ""),
    p(Dict::Occupation, 10, "retired", "Retired", "退休", None, ""),
    p(Dict::Education, 1, "school", "School", "高中及以下", None, "high school"),
    p(Dict::Education, 2, "college", "College", "大专", None, ""),
    p(Dict::Education, 3, "bachelor", "Bachelor", "本科", None, ""),
    p(Dict::Education, 4, "master", "Master", "硕士", None, ""),
    p(Dict::Education, 5, "doctor", "Doctor", "博士", None, "phd"),
    p(Dict::IncomeBand, 1, "low", "Low", "低", None, ""),
    p(Dict::IncomeBand, 2, "middle", "Middle", "中", None, "medium"),
    p(Dict::IncomeBand, 3, "high", "High", "高", None, ""),
    p(Dict::IncomeBand, 4, "top", "Top", "很高", None, ""),
    p(Dict::DealOutcome, 1, "open", "Open", "进行中", Some('o'), "in progress"),
    p(Dict::DealOutcome, 2, "won", "Won", "赢单", Some('w'), ""),
    p(Dict::DealOutcome, 3, "lost", "Lost", "输单", Some('l'), ""),
    p(Dict::DealOutcome, 4, "invalid", "Invalid", "无效", Some('i'), ""),
    p(Dict::LossReason, 1, "price", "Price", "价格", Some('p'), "too expensive"),
    p(Dict::LossReason, 2, "competitor", "Competitor", "竞争对手", Some('c'), ""),
    p(Dict::LossReason, 3, "no_value", "Found no value", "未见价值", Some('v'), ""),
    p(Dict::LossReason, 4, "service", "Service", "服务", Some('s'), ""),
    p(Dict::LossReason, 5, "closed", "Moved or closed", "搬迁或停业", Some('m'), ""),
    p(Dict::LossReason, 6, "care_fee", "Care fee", "保养费", Some('f'), ""),
    p(Dict::LossReason, 7, "other", "Other", "其他", Some('o'), ""),
    p(Dict::CampaignKind, 1, "single", "Single", "单次", None, "direct"),
    p(Dict::CampaignKind, 2, "multi_step", "Multi-step", "多步", None, ""),
    p(Dict::CampaignKind, 3, "recurring", "Recurring", "周期", None, ""),
    p(Dict::CampaignKind, 4, "triggered", "Triggered", "触发", None, "event"),
    p(Dict::CampaignKind, 5, "prospect", "Prospect", "潜客", None, "audience"),
    p(Dict::CampaignKind, 6, "referral", "Referral", "转介绍", None, ""),
    p(Dict::CampaignKind, 7, "incentive", "Incentive", "激励", None, ""),
    p(Dict::CampaignKind, 8, "service", "Service", "服务", None, ""),
    p(Dict::ResponseKind, 1, "none", "None", "无响应", None, "no response"),
    p(Dict::ResponseKind, 2, "delivered", "Delivered", "送达", None, "sent"),
    p(Dict::ResponseKind, 3, "opened", "Opened", "打开", None, "open"),
    p(Dict::ResponseKind, 4, "clicked", "Clicked", "点击", None, "click"),
    p(Dict::ResponseKind, 5, "replied_pos", "Replied, positive", "正面回复", None, "replied+|replied"),
    p(Dict::ResponseKind, 6, "replied_neg", "Replied, negative", "负面回复", None, "replied-"),
    p(Dict::ResponseKind, 7, "bought", "Bought", "购买", None, "ordered|converted"),
    p(Dict::ResponseKind, 8, "unsubscribed", "Unsubscribed", "退订", None, ""),
    p(Dict::ResponseGroup, 1, "treated", "Treated", "实验组", None, "treatment"),
    p(Dict::ResponseGroup, 2, "holdout", "Holdout", "对照组", None, "control"),
    p(Dict::LedgerKind, 1, "top_up", "Top-up", "充值", Some('t'), "topup|top-up"),
    p(Dict::LedgerKind, 2, "spend", "Spend", "消费", Some('s'), "spent"),
    p(Dict::LedgerKind, 3, "bonus", "Bonus", "赠送", Some('b'), "earn|earned"),
    p(Dict::LedgerKind, 4, "expire", "Expiry", "过期", Some('e'), "expired"),
    p(Dict::LedgerKind, 5, "refund", "Refund", "退款", Some('r'), ""),
    p(Dict::Account, 1, "balance", "Stored value", "储值余额", None, "stored value|储值"),
    p(Dict::Account, 2, "points", "Points", "积分", None, ""),
    p(Dict::Account, 3, "coupon", "Coupons", "优惠券", None, ""),
    p(Dict::TagKind, 1, "manual", "Manual", "手动", None, ""),
    p(Dict::TagKind, 2, "rule", "Rule", "自动", None, "auto"),
    p(Dict::TagKind, 3, "model", "Model", "模型", None, ""),
    p(Dict::EdgeKind, 1, "friend", "Friend", "朋友", None, ""),
    p(Dict::EdgeKind, 2, "referred", "Referred", "推荐", None, ""),
    p(Dict::EdgeKind, 3, "colleague", "Colleague", "同事", None, ""),
    p(Dict::EdgeKind, 4, "family", "Family", "家人", None, "couple"),
    p(Dict::EdgeKind, 5, "follows", "Follows", "关注", None, ""),
    p(Dict::EdgeKind, 6, "contact", "Contact person", "联系人", None, ""),
    p(Dict::StaffRole, 1, "rep", "Sales", "销售", None, "sales|sales agent"),
    p(Dict::StaffRole, 2, "support", "Support", "客服", None, "service"),
    p(Dict::StaffRole, 3, "analyst", "Analyst", "分析", None, "analysis"),
    p(Dict::StaffRole, 4, "leader", "Leader", "主管", None, "manager|lead"),
    p(Dict::StaffRole, 5, "admin", "Administrator", "管理员", None, "administrator"),
    p(Dict::StaffRole, 6, "auditor", "Auditor", "审计", None, "audit"),
];

/// Codes that the programme itself gives meaning to.
pub mod code {
    /// `call` of Channel.
    pub const CHANNEL_CALL: u32 = 1;
    /// `wechat` of Channel.
    pub const CHANNEL_WECHAT: u32 = 2;
    /// `visit` of Channel.
    pub const CHANNEL_VISIT: u32 = 3;
    /// `email` of Channel.
    pub const CHANNEL_EMAIL: u32 = 4;
    /// `sms` of Channel.
    pub const CHANNEL_SMS: u32 = 5;
    /// `out` of Direction.
    pub const DIRECTION_OUT: u32 = 1;
    /// `in` of Direction.
    pub const DIRECTION_IN: u32 = 2;
    /// `follow_up` of InteractionKind.
    pub const INTERACTION_KIND_FOLLOW_UP: u32 = 1;
    /// `answered` of Outcome.
    pub const OUTCOME_ANSWERED: u32 = 1;
    /// `no_answer` of Outcome.
    pub const OUTCOME_NO_ANSWER: u32 = 2;
    /// `ordered` of Outcome.
    pub const OUTCOME_ORDERED: u32 = 5;
    /// `open` of OrderStatus.
    pub const ORDER_STATUS_OPEN: u32 = 1;
    /// `done` of OrderStatus.
    pub const ORDER_STATUS_DONE: u32 = 2;
    /// `cancelled` of OrderStatus.
    pub const ORDER_STATUS_CANCELLED: u32 = 3;
    /// `refunded` of OrderStatus.
    pub const ORDER_STATUS_REFUNDED: u32 = 4;
    /// `person` of CustomerKind.
    pub const CUSTOMER_KIND_PERSON: u32 = 1;
    /// `organisation` of CustomerKind.
    pub const CUSTOMER_KIND_ORGANISATION: u32 = 2;
    /// `visitor` of CustomerKind.
    pub const CUSTOMER_KIND_VISITOR: u32 = 3;
    /// `lead` of CustomerRole.
    pub const CUSTOMER_ROLE_LEAD: u32 = 1;
    /// `customer` of CustomerRole.
    pub const CUSTOMER_ROLE_CUSTOMER: u32 = 2;
    /// `member` of CustomerRole.
    pub const CUSTOMER_ROLE_MEMBER: u32 = 3;
    /// `open` of DealOutcome.
    pub const DEAL_OUTCOME_OPEN: u32 = 1;
    /// `won` of DealOutcome.
    pub const DEAL_OUTCOME_WON: u32 = 2;
    /// `lost` of DealOutcome.
    pub const DEAL_OUTCOME_LOST: u32 = 3;
    /// `invalid` of DealOutcome.
    pub const DEAL_OUTCOME_INVALID: u32 = 4;
    /// `top_up` of LedgerKind.
    pub const LEDGER_KIND_TOP_UP: u32 = 1;
    /// `spend` of LedgerKind.
    pub const LEDGER_KIND_SPEND: u32 = 2;
    /// `bonus` of LedgerKind.
    pub const LEDGER_KIND_BONUS: u32 = 3;
    /// `expire` of LedgerKind.
    pub const LEDGER_KIND_EXPIRE: u32 = 4;
    /// `refund` of LedgerKind.
    pub const LEDGER_KIND_REFUND: u32 = 5;
    /// `balance` of Account.
    pub const ACCOUNT_BALANCE: u32 = 1;
    /// `points` of Account.
    pub const ACCOUNT_POINTS: u32 = 2;
    /// `manual` of TagKind.
    pub const TAG_KIND_MANUAL: u32 = 1;
}
