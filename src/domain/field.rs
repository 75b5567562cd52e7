//! The one list of fields: for every kind its fields with key, type, dictionary or target, and the words people write at
//! the head of a column, in English and Chinese. Numbers are stored: never renumber, only add. Custom fields start at
//! [`CUSTOM`].

use super::{Kind, dict::Dict};
use serde::{Deserialize, Serialize};

/// The stored number of a field, unique over all kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FieldId(pub u16);

/// Custom fields have this number or a higher one.
pub const CUSTOM: u16 = 1000;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// One line of text.
    Text,
    /// Text of any length.
    Note,
    /// A whole number.
    Int,
    /// An amount.
    Money,
    /// A day.
    Day,
    /// A moment.
    Moment,
    /// Yes or no.
    Bool,
    /// One entry of a dictionary.
    Code(Dict),
    /// Several entries of a dictionary.
    Codes(Dict),
    /// Another record.
    Ref(Kind),
    /// Several other records.
    Refs(Kind),
    /// Several texts.
    Texts,
    /// Several phones.
    Phones,
    /// Several e-mail addresses.
    Emails,
    /// Order lines (built from columns of their own).
    Lines,
    /// Event properties (`props.*`).
    Props,
    /// Consents by channel.
    Consents,
    /// Names of tags; kept as marks, not in the record.
    Tags,
}

/// One field.
#[derive(Debug)]
pub struct FieldSpec {
    /// Its stored number.
    pub id: FieldId,
    /// The kind it belongs to.
    pub kind: Kind,
    /// Its name in files, on the command line and in the segment language.
    pub key: &'static str,
    /// What it holds.
    pub ty: FieldType,
    /// Other column heads that mean it, folded, English and Chinese, separated by `|`. The first Chinese one is its label.
    pub synonyms: &'static str,
}

impl FieldSpec {
    /// The column heads that mean this field, beside its key.
    pub fn heads(&self) -> impl Iterator<Item = &'static str> {
        self.synonyms.split('|').filter(|s| !s.is_empty())
    }
    /// The Chinese label: the first head that is not ASCII, else the key.
    pub fn label_zh(&self) -> &'static str {
        self.heads().find(|h| !h.is_ascii()).unwrap_or(self.key)
    }
}

macro_rules! fields {
    ($($name:ident = $id:literal $kind:ident $key:literal $ty:expr, $syn:literal;)*) => {
        $(#[doc = concat!("`", $key, "` of ", stringify!($kind))] pub const $name: FieldId = FieldId($id);)*
        /// Every built-in field, ascending by number.
        pub static FIELDS: &[FieldSpec] = &[$(FieldSpec { id: FieldId($id), kind: Kind::$kind, key: $key, ty: { use FieldType::*; $ty }, synonyms: $syn },)*];
    };
}

fields! {
    C_NUMBER = 1 Customer "number" Text, "customer number|customer id|customer no|id|account id|client id|member no|client number|客户编号|编号|客户号|会员号|会员编号";
    C_NAME = 2 Customer "name" Text, "customer name|full name|account|account name|customer|client|contact name|姓名|客户名称|名称|客户姓名|联系人|客户|名字";
    C_NAME_LATIN = 3 Customer "name_latin" Text, "latin name|english name|拼音名|英文名";
    C_FORMER_NAMES = 4 Customer "former_names" Texts, "former name|maiden name|曾用名";
    C_KIND = 5 Customer "kind" Code(Dict::CustomerKind), "customer kind|类别|客户类别|客户性质";
    C_GENDER = 6 Customer "gender" Code(Dict::Gender), "sex|性别";
    C_BIRTH = 7 Customer "birth_date" Day, "birthday|birth date|date of birth|dob|生日|出生日期";
    C_PHONES = 8 Customer "phone" Phones, "phones|mobile|telephone|tel|cell|mobile phone|phone number|手机|电话|手机号|手机号码|联系电话|联系方式";
    C_EMAILS = 9 Customer "email" Emails, "emails|e-mail|mail|email address|邮箱|电子邮件|电子邮箱|邮件";
    C_WECHAT = 10 Customer "wechat" Texts, "wechat id|微信|微信号";
    C_DEVICE = 11 Customer "device" Texts, "device id|设备|设备号";
    C_PROVINCE = 12 Customer "province" Text, "state|region|省|省份";
    C_CITY = 13 Customer "city" Text, "town|location|office location|城市|所在城市|市";
    C_CITY_TIER = 14 Customer "city_tier" Int, "city tier|城市等级";
    C_ADDRESS = 15 Customer "address" Text, "street|address line|地址|详细地址";
    C_COMPANY = 16 Customer "company" Text, "company name|employer|organisation|organization|公司|单位|公司名称|工作单位";
    C_WORKS_AT = 17 Customer "works_at" Ref(Kind::Customer), "works at|parent|subsidiary of|任职企业|所属企业";
    C_INDUSTRY = 18 Customer "industry" Code(Dict::Industry), "sector|trade|行业|所属行业";
    C_OCCUPATION = 19 Customer "occupation" Code(Dict::Occupation), "job|title|position|职业|职位";
    C_EDUCATION = 20 Customer "education" Code(Dict::Education), "degree|学历|教育程度";
    C_INCOME = 21 Customer "income_band" Code(Dict::IncomeBand), "income|收入|收入水平";
    C_TYPE = 22 Customer "type" Code(Dict::CustomerType), "customer type|类型|客户类型";
    C_SOURCE = 23 Customer "source" Code(Dict::Channel), "lead source|来源|客户来源|来源渠道";
    C_LEVEL = 24 Customer "member_level" Code(Dict::MemberLevel), "member level|level|会员等级|等级";
    C_OWNER = 25 Customer "owner" Ref(Kind::Staff), "owned by|sales agent|rep|负责人|跟进人|业务员|销售|客户经理";
    C_WATCHERS = 26 Customer "watchers" Refs(Kind::Staff), "collaborators|协作人|关注人";
    C_FANS = 27 Customer "fans" Int, "followers|粉丝|粉丝数";
    C_ROLES = 28 Customer "roles" Codes(Dict::CustomerRole), "role|角色|身份";
    C_TAGS = 29 Customer "tags" Tags, "tag|labels|标签";
    C_CONSENT = 30 Customer "consent" Consents, "consents|opt in|授权|已授权";
    C_DNC = 31 Customer "do_not_contact" Codes(Dict::Channel), "do not contact|dnc|勿扰";
    C_REFERRED_BY = 32 Customer "referred_by" Ref(Kind::Customer), "referrer|referred by|推荐人|介绍人";
    C_CREATED = 33 Customer "created_at" Moment, "created|created on|registered|registered at|join date|since|创建时间|注册时间|录入时间|建档时间";
    C_NOTE = 34 Customer "note" Note, "notes|remark|remarks|comment|备注|说明";
    C_SHARED = 35 Customer "shared_phone" Bool, "shared phone|共用电话";
    C_CAPTURED = 36 Customer "captured_at" Moment, "captured|lead date|获取时间|线索时间";
    C_CAMPAIGN = 37 Customer "campaign" Ref(Kind::Campaign), "lead campaign|来源活动";
    C_ARCHIVED = 38 Customer "archived" Bool, "hidden|已归档";
    C_RECRUITER = 39 Customer "recruiter" Ref(Kind::Staff), "recruited by|招募人";

    S_NAME = 100 Staff "name" Text, "staff|sales agent|employee|full name|姓名|员工|员工姓名";
    S_ROLE = 101 Staff "role" Code(Dict::StaffRole), "job role|角色|职务";
    S_TEAM = 102 Staff "team" Text, "department|regional office|office|region|部门|团队";
    S_EMAIL = 103 Staff "email" Text, "e-mail|mail|邮箱";
    S_LEADER = 104 Staff "leader" Ref(Kind::Staff), "manager|reports to|主管|上级";

    P_SKU = 120 Product "sku" Text, "code|product id|product code|货号|产品编号|商品编号|编码";
    P_NAME = 121 Product "name" Text, "product|product name|title|名称|产品|产品名称|商品名称|品名";
    P_CATEGORY = 122 Product "category" Text, "series|group|family|类别|分类|品类|系列";
    P_PRICE = 123 Product "price" Money, "unit price|list price|sales price|价格|单价|售价";
    P_COST = 124 Product "cost" Money, "unit cost|成本|进价";

    O_NUMBER = 140 Order "number" Text, "order number|order no|order id|order|订单编号|订单号|单号";
    O_CUSTOMER = 141 Order "customer" Ref(Kind::Customer), "customer number|customer id|client|buyer|客户编号|客户|会员号|买家";
    O_AT = 142 Order "at" Moment, "ordered at|order date|date|order time|created at|purchased at|下单时间|订单时间|日期|下单日期|订单日期";
    O_LINES = 143 Order "lines" Lines, "";
    O_AMOUNT = 144 Order "amount" Money, "";
    O_STATUS = 145 Order "status" Code(Dict::OrderStatus), "state|order status|状态|订单状态";
    O_CHANNEL = 146 Order "channel" Code(Dict::Channel), "sales channel|渠道|下单渠道";
    O_PAID = 147 Order "paid" Bool, "is paid|已付|已付款|是否付款";
    O_NOTE = 148 Order "note" Note, "remark|备注";
    O_DEAL = 149 Order "deal" Ref(Kind::Deal), "商机";

    Y_ORDER = 180 Payment "order" Ref(Kind::Order), "order number|order no|order id|订单编号|订单号|单号";
    Y_CUSTOMER = 181 Payment "customer" Ref(Kind::Customer), "customer number|客户编号|客户";
    Y_AT = 182 Payment "at" Moment, "paid at|payment date|date|time|付款时间|回款时间|日期|付款日期|回款日期";
    Y_AMOUNT = 183 Payment "amount" Money, "paid|sum|金额|付款金额|回款金额";
    Y_METHOD = 184 Payment "method" Code(Dict::PayMethod), "payment method|方式|付款方式|支付方式";

    K_NUMBER = 200 Contract "number" Text, "contract number|contract no|contract id|合同编号|合同号";
    K_CUSTOMER = 201 Contract "customer" Ref(Kind::Customer), "customer number|客户编号|客户";
    K_START = 202 Contract "start" Day, "start date|from|begin|开始日期|起始日期|生效日期";
    K_END = 203 Contract "end" Day, "end date|until|to|expires|结束日期|到期日期|截止日期";
    K_VALUE = 204 Contract "value" Money, "amount|contract value|合同金额|金额";
    K_RENEWAL = 205 Contract "renewal" Bool, "renew|auto renewal|续约|是否续约";
    K_STATUS = 206 Contract "status" Code(Dict::ContractStatus), "state|状态|合同状态";

    I_NUMBER = 220 Interaction "number" Text, "interaction number|id|记录编号|编号";
    I_CUSTOMER = 221 Interaction "customer" Ref(Kind::Customer), "customer number|客户编号|客户";
    I_AT = 222 Interaction "at" Moment, "date|time|when|contacted at|时间|跟进时间|日期";
    I_CHANNEL = 223 Interaction "channel" Code(Dict::Channel), "method|via|渠道|跟进方式|方式";
    I_DIRECTION = 224 Interaction "direction" Code(Dict::Direction), "in out|方向";
    I_KIND = 225 Interaction "kind" Code(Dict::InteractionKind), "type|类型|跟进类型";
    I_OUTCOME = 226 Interaction "outcome" Code(Dict::Outcome), "result|结果|跟进结果";
    I_BY = 227 Interaction "by" Ref(Kind::Staff), "staff|agent|owner|员工|跟进人|负责人";
    I_CAMPAIGN = 228 Interaction "campaign" Ref(Kind::Campaign), "活动|营销活动";
    I_DURATION = 229 Interaction "duration" Int, "minutes|length|时长|分钟";
    I_NOTE = 230 Interaction "note" Note, "content|notes|text|summary|内容|备注|跟进内容|跟进记录";
    I_NEXT_AT = 231 Interaction "next_at" Moment, "next|next follow-up|next step|下次跟进|下次跟进时间|下次联系";
    I_DEAL = 232 Interaction "deal" Ref(Kind::Deal), "商机";
    I_WITH = 233 Interaction "with" Ref(Kind::Customer), "contact person|spoke with|联系人";
    I_CORRECTS = 234 Interaction "corrects" Int, "";

    E_CUSTOMER = 250 Event "customer" Ref(Kind::Customer), "customer number|user|user id|客户编号|客户";
    E_AT = 251 Event "at" Moment, "time|timestamp|date|when|时间|发生时间";
    E_NAME = 252 Event "name" Text, "event|event name|事件|事件名称";
    E_CHANNEL = 253 Event "channel" Code(Dict::Channel), "source|渠道";
    E_INCENTIVISED = 254 Event "incentivised" Bool, "incentivized|激励|有激励";
    E_PROPS = 255 Event "props" Props, "";

    T_CUSTOMER = 270 Task "customer" Ref(Kind::Customer), "customer number|客户编号|客户";
    T_DUE = 271 Task "due" Moment, "due date|due at|deadline|截止|到期|截止时间";
    T_ABOUT = 272 Task "about" Text, "subject|title|what|task|内容|事项|待办";
    T_OWNER = 273 Task "owner" Ref(Kind::Staff), "assigned to|who|负责人|执行人";
    T_DONE = 274 Task "done_at" Moment, "done|completed at|完成时间";

    D_NUMBER = 290 Deal "number" Text, "deal number|deal id|opportunity id|opportunity|商机编号|编号";
    D_CUSTOMER = 291 Deal "customer" Ref(Kind::Customer), "customer number|account|client|客户编号|客户";
    D_PIPELINE = 292 Deal "pipeline" Ref(Kind::Pipeline), "销售流程|流程";
    D_STAGE = 293 Deal "stage" Ref(Kind::Stage), "deal stage|阶段|商机阶段";
    D_STAGE_SINCE = 294 Deal "stage_since" Moment, "stage since|阶段时间|进入阶段时间";
    D_TITLE = 295 Deal "title" Text, "deal name|subject|标题|商机名称";
    D_PRODUCT = 296 Deal "product" Ref(Kind::Product), "sku|产品|商品";
    D_AMOUNT = 297 Deal "amount" Money, "value|close value|deal value|金额|商机金额";
    D_OWNER = 298 Deal "owner" Ref(Kind::Staff), "sales agent|rep|负责人|销售";
    D_SOURCE = 299 Deal "source" Code(Dict::Channel), "lead source|来源";
    D_CREATED = 300 Deal "created_at" Moment, "created|engage date|start date|创建时间";
    D_EXPECTED = 301 Deal "expected_close" Day, "expected close|close by|预计成交日|预计成交";
    D_CLOSED = 302 Deal "closed_at" Moment, "closed|close date|成交时间|关闭时间";
    D_OUTCOME = 303 Deal "outcome" Code(Dict::DealOutcome), "result|结果";
    D_REASON = 304 Deal "reason" Code(Dict::LossReason), "loss reason|lost reason|输单原因|原因";
    D_COMPETITOR = 305 Deal "competitor" Text, "竞争对手|竞品";
    D_NOTE = 306 Deal "note" Note, "remark|备注";

    V_DEAL = 330 StageVisit "deal" Ref(Kind::Deal), "deal number|opportunity id|商机编号|商机";
    V_STAGE = 331 StageVisit "stage" Ref(Kind::Stage), "deal stage|阶段|商机阶段";
    V_AT = 332 StageVisit "at" Moment, "date|since|entered|时间|进入时间";
    V_CUSTOMER = 333 StageVisit "customer" Ref(Kind::Customer), "";

    Q_NUMBER = 350 Ticket "number" Text, "ticket number|ticket id|case|工单编号|工单号|编号";
    Q_CUSTOMER = 351 Ticket "customer" Ref(Kind::Customer), "customer number|客户编号|客户";
    Q_TYPE = 352 Ticket "type" Code(Dict::TicketType), "kind|category|类型|工单类型";
    Q_SEVERITY = 353 Ticket "severity" Code(Dict::Severity), "priority|紧急程度|优先级";
    Q_OPENED = 354 Ticket "opened_at" Moment, "opened|created|created at|date|创建时间|提交时间";
    Q_CLOSED = 355 Ticket "closed_at" Moment, "closed|solved at|关闭时间|解决时间";
    Q_RESOLUTION = 356 Ticket "resolution" Note, "solution|outcome|解决方案|处理结果";
    Q_EXPECTED = 357 Ticket "expected" Int, "expectation|期望";
    Q_PERCEIVED = 358 Ticket "perceived" Int, "perception|感知";
    Q_NOTE = 359 Ticket "note" Note, "description|about|描述|内容|备注";
    Q_DUE = 360 Ticket "due" Moment, "due date|到期|处理期限";
    Q_OWNER = 361 Ticket "owner" Ref(Kind::Staff), "assigned to|负责人|处理人";

    M_NAME = 380 Campaign "name" Text, "campaign|campaign name|活动|活动名称|名称";
    M_KIND = 381 Campaign "kind" Code(Dict::CampaignKind), "type|类型";
    M_CHANNEL = 382 Campaign "channel" Code(Dict::Channel), "渠道";
    M_STARTED = 383 Campaign "started_at" Moment, "started|start|start date|开始时间";
    M_COST = 384 Campaign "cost" Money, "spend|费用|成本";

    R_CAMPAIGN = 400 Response "campaign" Ref(Kind::Campaign), "campaign name|活动|营销活动";
    R_CUSTOMER = 401 Response "customer" Ref(Kind::Customer), "customer number|客户编号|客户";
    R_AT = 402 Response "at" Moment, "date|time|时间";
    R_KIND = 403 Response "kind" Code(Dict::ResponseKind), "type|response|类型|响应";
    R_AMOUNT = 404 Response "amount" Money, "value|金额";
    R_GROUP = 405 Response "group" Code(Dict::ResponseGroup), "arm|分组";

    X_DAY = 420 Spend "day" Day, "date|日期";
    X_CHANNEL = 421 Spend "channel" Code(Dict::Channel), "渠道";
    X_CAMPAIGN = 422 Spend "campaign" Ref(Kind::Campaign), "活动|营销活动";
    X_IMPRESSIONS = 423 Spend "impressions" Int, "views|展现|曝光";
    X_CLICKS = 424 Spend "clicks" Int, "点击";
    X_COST = 425 Spend "cost" Money, "spend|费用|花费";

    L_CUSTOMER = 440 Ledger "customer" Ref(Kind::Customer), "customer number|member no|客户编号|客户|会员号";
    L_AT = 441 Ledger "at" Moment, "date|time|时间|日期";
    L_KIND = 442 Ledger "kind" Code(Dict::LedgerKind), "type|类型";
    L_ACCOUNT = 443 Ledger "account" Code(Dict::Account), "account type|账户";
    L_AMOUNT = 444 Ledger "amount" Money, "value|points|金额|积分";
    L_BY = 445 Ledger "by" Ref(Kind::Staff), "staff|经办人";
    L_NOTE = 446 Ledger "note" Note, "remark|备注";

    G_NAME = 460 Tag "name" Text, "tag|标签|名称";
    G_GROUP = 461 Tag "group" Text, "tag group|标签组";
    G_COLOUR = 462 Tag "colour" Text, "color|颜色";
    G_KIND = 463 Tag "kind" Code(Dict::TagKind), "类型";
    G_TTL = 464 Tag "ttl_days" Int, "有效天数";

    A_DICT = 480 DictEntry "dict" Text, "";
    A_KEY = 481 DictEntry "key" Text, "";
    A_EN = 482 DictEntry "label_en" Text, "";
    A_ZH = 483 DictEntry "label_zh" Text, "";
    A_RETIRED = 484 DictEntry "retired" Bool, "";

    F_KIND = 500 CustomField "kind" Text, "";
    F_KEY = 501 CustomField "key" Text, "";
    F_LABEL = 502 CustomField "label" Text, "";
    F_TYPE = 503 CustomField "type" Text, "";
    F_REQUIRED = 504 CustomField "required" Bool, "";

    W_FROM = 520 Edge "customer" Ref(Kind::Customer), "from|客户编号|客户";
    W_TO = 521 Edge "to" Ref(Kind::Customer), "other|对方";
    W_KIND = 522 Edge "kind" Code(Dict::EdgeKind), "relation|关系";
    W_SINCE = 523 Edge "since" Day, "date|自";
    W_SOURCE = 524 Edge "source" Text, "来源";

    N_NAME = 540 Pipeline "name" Text, "";
    H_NAME = 560 Stage "name" Text, "";
    H_PIPELINE = 561 Stage "pipeline" Ref(Kind::Pipeline), "";
    H_ORDER = 562 Stage "order" Int, "";
    H_PROBABILITY = 563 Stage "probability" Int, "";
}

/// A built-in field by number; `None` for custom fields and numbers of other versions.
pub fn spec(id: FieldId) -> Option<&'static FieldSpec> {
    FIELDS.binary_search_by_key(&id, |f| f.id).ok().map(|i| &FIELDS[i])
}

/// The built-in fields of a kind, in order.
pub fn of_kind(kind: Kind) -> impl Iterator<Item = &'static FieldSpec> {
    FIELDS.iter().filter(move |f| f.kind == kind)
}

/// The built-in field of a kind with that key.
pub fn by_key(kind: Kind, key: &str) -> Option<&'static FieldSpec> {
    of_kind(kind).find(|f| f.key == key)
}

/// The field that holds a record's own number as people write it.
pub fn number_of(kind: Kind) -> Option<FieldId> {
    Some(match kind {
        Kind::Customer => C_NUMBER,
        Kind::Product => P_SKU,
        Kind::Order => O_NUMBER,
        Kind::Contract => K_NUMBER,
        Kind::Interaction => I_NUMBER,
        Kind::Deal => D_NUMBER,
        Kind::Ticket => Q_NUMBER,
        _ => return None,
    })
}

/// The field that names a reference record (staff, product, campaign, tag, pipeline, stage).
pub fn name_of(kind: Kind) -> Option<FieldId> {
    Some(match kind {
        Kind::Customer => C_NAME,
        Kind::Staff => S_NAME,
        Kind::Product => P_NAME,
        Kind::Campaign => M_NAME,
        Kind::Tag => G_NAME,
        Kind::Pipeline => N_NAME,
        Kind::Stage => H_NAME,
        _ => return None,
    })
}

/// The field that says which customer a row hangs on.
pub fn customer_of(kind: Kind) -> Option<FieldId> {
    Some(match kind {
        Kind::Order => O_CUSTOMER,
        Kind::Payment => Y_CUSTOMER,
        Kind::Contract => K_CUSTOMER,
        Kind::Interaction => I_CUSTOMER,
        Kind::Event => E_CUSTOMER,
        Kind::Task => T_CUSTOMER,
        Kind::Deal => D_CUSTOMER,
        Kind::StageVisit => V_CUSTOMER,
        Kind::Ticket => Q_CUSTOMER,
        Kind::Response => R_CUSTOMER,
        Kind::Ledger => L_CUSTOMER,
        Kind::Edge => W_FROM,
        _ => return None,
    })
}

/// The field whose moment (or day) places a row on the timeline.
pub fn moment_of(kind: Kind) -> Option<FieldId> {
    Some(match kind {
        Kind::Order => O_AT,
        Kind::Payment => Y_AT,
        Kind::Contract => K_START,
        Kind::Interaction => I_AT,
        Kind::Event => E_AT,
        Kind::Task => T_DUE,
        Kind::Deal => D_CREATED,
        Kind::StageVisit => V_AT,
        Kind::Ticket => Q_OPENED,
        Kind::Response => R_AT,
        Kind::Ledger => L_AT,
        Kind::Edge => W_SINCE,
        Kind::Spend => X_DAY,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_ascend_and_no_kind_has_a_key_twice() {
        assert!(FIELDS.windows(2).all(|w| w[0].id < w[1].id));
        for kind in Kind::ALL {
            let keys: Vec<_> = of_kind(kind).map(|f| f.key).collect();
            let set: std::collections::BTreeSet<_> = keys.iter().collect();
            assert_eq!(keys.len(), set.len(), "{kind:?}");
        }
    }

    #[test]
    fn every_row_kind_says_where_it_lives() {
        for kind in Kind::ALL.into_iter().filter(|k| k.is_row()) {
            assert!(moment_of(kind).is_some(), "{kind:?}");
            assert!(customer_of(kind).is_some() || kind == Kind::Spend, "{kind:?}");
        }
    }
}
