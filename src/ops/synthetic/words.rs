//! The table of invented words: names, places, firms, goods and people of the business that does not exist. Nobody here
//! is meant: surnames and given names are combined by chance, firms are named after what is not, cities are real because
//! city tiers need them.

/// Family names of one or two characters.
pub static SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "高", "罗", "郑", "梁",
    "谢", "宋", "唐", "许", "邓", "冯", "韩", "曹", "曾", "彭", "萧", "蔡", "潘", "田", "董", "袁", "于", "余", "叶", "蒋", "杜", "苏",
    "魏", "程", "吕", "丁", "沈", "任", "姚", "卢", "傅", "钟", "姜", "崔", "谭", "廖", "范", "汪", "陆", "金", "石", "戴", "贾", "韦",
    "夏", "邱", "方", "侯", "邹", "熊", "孟", "秦", "白", "江", "阎", "薛", "尹", "段", "雷", "黎", "史", "龙", "陶", "贺", "顾", "毛",
    "郝", "龚", "邵", "万", "钱", "严", "覃", "单", "仇", "解", "查", "盖", "区", "乐", "欧阳", "尉迟", "令狐",
];

/// First characters of a given name.
pub static GIVEN_FIRST: &[&str] = &[
    "雨", "晓", "子", "一", "思", "文", "明", "小", "若", "知", "清", "云", "书", "安", "景", "星", "嘉", "梦", "远", "亦", "初", "念",
    "千", "乐", "以", "南", "北", "秋", "冬", "春", "可", "之", "如", "望", "逸", "少", "半", "疏", "听", "观", "素", "青", "墨", "青",
    "芷", "沐",
];

/// Second characters of a given name; "" for a name of one character.
pub static GIVEN_SECOND: &[&str] = &[
    "桐", "舟", "野", "鹿", "微", "衿", "楼", "帆", "满", "苇", "言", "之", "行", "芬", "芳", "宁", "禾", "川", "尘", "歌", "遥", "然",
    "晴", "雪", "松", "竹", "兰", "溪", "岚", "森", "林", "石", "月", "辰", "阳", "露", "霜", "杉", "柏", "槐", "棠", "萱", "蓝", "白",
    "墨", "",
];

/// Placeholder given names from abroad.
pub static FOREIGN_GIVEN: &[&str] =
    &["Jane", "Joe", "Max", "Erika", "Fred", "Zoë", "Seán", "Alice", "Mary", "John", "Otto", "Liese", "Bruce", "Sheila", "Pat", "Sam"];
/// Placeholder family names from abroad.
pub static FOREIGN_FAMILY: &[&str] = &[
    "Doe",
    "Bloggs",
    "Mustermann",
    "Nurk",
    "Beispiel",
    "Ó Sampla",
    "Placeholder",
    "Sample",
    "Specimen",
    "Normalverbraucher",
    "Citizen",
    "Anyone",
];

/// A city: name, province, tier 1 to 4, people living there as a weight.
pub static CITIES: &[(&str, &str, i64, u32)] = &[
    ("上海", "上海", 1, 14),
    ("北京", "北京", 1, 12),
    ("深圳", "广东", 1, 10),
    ("广州", "广东", 1, 8),
    ("杭州", "浙江", 2, 16),
    ("成都", "四川", 2, 8),
    ("南京", "江苏", 2, 6),
    ("苏州", "江苏", 2, 6),
    ("武汉", "湖北", 2, 5),
    ("西安", "陕西", 2, 4),
    ("宁波", "浙江", 2, 4),
    ("长沙", "湖南", 2, 3),
    ("沈阳", "辽宁", 2, 3),
    ("厦门", "福建", 2, 3),
    ("合肥", "安徽", 3, 2),
    ("绍兴", "浙江", 3, 3),
    ("嘉兴", "浙江", 3, 3),
    ("昆明", "云南", 3, 2),
    ("温州", "浙江", 3, 2),
    ("湖州", "浙江", 4, 2),
    ("大理", "云南", 4, 1),
    ("丽水", "浙江", 4, 1),
];
/// Cities abroad: name, country, how a phone there is written (the last digits are drawn from the reserved block), digits
/// drawn, first number, how many numbers.
pub static ABROAD: &[(&str, &str, &str, usize, u32, u32)] = &[
    ("London", "United Kingdom", "+44 7700 900", 3, 0, 1000),
    ("Berlin", "Germany", "+49 30 23125 ", 3, 0, 1000),
    ("Frankfurt", "Germany", "+49 69 90009 ", 3, 0, 1000),
    ("New York", "USA", "+1 212 555 ", 4, 100, 100),
    ("Seattle", "USA", "+1 206 555 ", 4, 100, 100),
    ("Toronto", "Canada", "+1 416 555 ", 4, 100, 100),
    ("Sydney", "Australia", "+61 2 5550 ", 4, 0, 10_000),
];

/// What firms that are not are called.
pub static FIRMS: &[&str] = &[
    "镜花",
    "水月",
    "南柯",
    "黄粱",
    "华胥",
    "槐安",
    "桃源",
    "北溟",
    "逍遥",
    "无何有",
    "兔角",
    "烂柯",
    "龟毛",
    "空花",
    "乌有",
    "亡是",
    "浮云",
    "蓬莱",
];
/// What firms do: word, code of the industry dictionary.
pub static TRADES: &[(&str, u32)] = &[
    ("科技", 1),
    ("医疗", 2),
    ("百货", 3),
    ("创投", 4),
    ("软件", 5),
    ("传媒", 7),
    ("咨询", 9),
    ("酒店", 11),
    ("律师所", 12),
    ("书店", 13),
    ("物业", 14),
    ("联合办公", 15),
    ("会展", 16),
    ("健身", 17),
    ("茶馆", 18),
    ("学堂", 19),
    ("器物", 20),
];

/// One thing sold: sku, name, category, price and cost in units of the currency.
pub static PRODUCTS: &[(&str, &str, &str, i64, i64)] = &[
    ("B01", "日常拼配 Daily Blend", "咖啡豆", 48, 17),
    ("B02", "云谷单品 Cloud Valley", "咖啡豆", 88, 35),
    ("B03", "冠军批次 Champion Lot", "咖啡豆", 168, 80),
    ("B04", "低因豆 Half-Light Decaf", "咖啡豆", 78, 33),
    ("B05", "冷萃包 Cold-brew Bags", "咖啡豆", 59, 21),
    ("B06", "挂耳礼盒 Drip Gift Box", "咖啡豆", 128, 52),
    ("B07", "奶咖拼配 Milk Blend", "咖啡豆", 58, 22),
    ("B08", "深烘意式 Dark Espresso", "咖啡豆", 68, 26),
    ("M01", "月度豆盒 Monthly Box", "订阅", 129, 58),
    ("M02", "季度豆盒 Quarterly Box", "订阅", 369, 168),
    ("M03", "年度豆盒 Yearly Box", "订阅", 1388, 640),
    ("M04", "体验周 Week Pass", "订阅", 19, 9),
    ("G01", "手摇磨 Hand Grinder", "器具", 299, 142),
    ("G02", "电动磨 E-Grinder", "器具", 899, 468),
    ("G03", "滤纸 Filters", "器具", 29, 8),
    ("G04", "除垢剂 Descaler", "器具", 39, 11),
    ("G05", "手冲壶 Kettle", "器具", 259, 120),
    ("G06", "分享壶 Server", "器具", 89, 34),
    ("H1", "H1 家用咖啡机", "咖啡机", 2480, 1520),
    ("H2", "H2 家用咖啡机", "咖啡机", 4680, 2760),
    ("O5", "O5 办公咖啡机", "咖啡机", 18_800, 11_400),
    ("O9", "O9 商用咖啡机", "咖啡机", 46_800, 28_900),
    ("S01", "年度保养 Annual Care", "服务", 3600, 1450),
    ("S02", "供豆合同 Bean Supply", "服务", 9600, 4300),
    ("S03", "咖啡课堂 Class", "服务", 198, 60),
    ("V05", "储值卡 500", "储值", 500, 500),
    ("V10", "储值卡 1000", "储值", 1000, 1000),
    ("V20", "储值卡 2000", "储值", 2000, 2000),
];

/// One member of staff: name, code of the role dictionary, team, name in the mail address.
pub static STAFF: &[(&str, u32, &str, &str)] = &[
    ("沈知微", 4, "企业部", "shen"),
    ("陆子衿", 1, "企业部", "lu"),
    ("周牧野", 1, "企业部", "zhou"),
    ("林见鹿", 1, "企业部", "lin"),
    ("江晚舟", 4, "会员部", "jiang"),
    ("白小楼", 1, "会员部", "bai"),
    ("程一帆", 1, "会员部", "cheng"),
    ("唐小满", 2, "客服", "tang"),
    ("何一苇", 2, "客服", "he"),
    ("段青", 2, "客服", "duan"),
    ("Maya Placeholder", 1, "海外", "maya"),
    ("Tom Sample", 1, "海外", "tom"),
    ("顾行之", 3, "分析", "gu"),
    ("苏打", 5, "管理", "su"),
];

/// Tags: name, group.
pub static TAGS: &[(&str, &str)] = &[
    ("浅烘", "口味"),
    ("深烘", "口味"),
    ("低因", "口味"),
    ("奶咖", "口味"),
    ("家用", "场景"),
    ("办公", "场景"),
    ("门店", "场景"),
    ("礼品", "场景"),
    ("粉丝", "关系"),
    ("推荐人", "关系"),
    ("意见领袖", "关系"),
    ("流失风险", "风险"),
    ("投诉中", "风险"),
    ("vip", "价值"),
];

/// The office-machine pipeline.
pub static PIPELINE: &str = "企业咖机";
/// Its stages with the chance to win from there, in percent.
pub static STAGES: &[(&str, i64)] = &[("线索确认", 10), ("需求沟通", 25), ("试饮", 45), ("报价", 60), ("合同", 80)];

/// What is said in a follow-up.
pub static NOTES: &[&str] = &[
    "试饮后觉得偏酸，推荐了深烘",
    "问了月度豆盒的配送时间",
    "办公室下月搬家，之后再谈",
    "对 H2 有兴趣，想看实机",
    "豆子还剩一周的量",
    "除垢提示灯亮了，已指导处理",
    "想要发票抬头更正",
    "介绍了年度保养的内容",
    "老板出差，周三上午再打",
    "收到样品，团队评价很好",
    "asked for the price list in EUR",
    "liked the decaf, wants a second bag",
    "will decide after the budget round",
];

/// Behaviour events: name, code of the channel dictionary.
pub static EVENTS: &[(&str, u32)] = &[
    ("browse", 9),
    ("browse", 18),
    ("browse", 10),
    ("follow", 7),
    ("register", 9),
    ("add_to_cart", 9),
    ("comment", 12),
    ("like", 11),
    ("share", 11),
    ("sign_in", 9),
    ("redeem", 9),
    ("attend", 15),
    ("descale_alert", 19),
    ("brew", 19),
    ("subscribe", 7),
    ("unsubscribe", 7),
];
