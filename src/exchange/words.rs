//! The sentences of an import, by code, in English and Chinese. `{name}` stands for an argument. When a sentence carries a
//! non-empty `nearest`, the words of `import.did-you-mean` follow it.

use crate::domain::Say;

/// Code, English, Chinese.
pub static WORDS: &[(&str, &str, &str)] = &[
    ("import.did-you-mean", "did you mean \"{nearest}\"?", "是否指“{nearest}”？"),
    ("import.empty-file", "the file is empty", "文件是空的"),
    ("import.bad-head", "the first line cannot be read as column heads: {why}", "第一行无法读作列名：{why}"),
    ("import.too-many-columns", "more than {limit} columns", "超过 {limit} 列"),
    (
        "import.add-numbers",
        "--on-match add makes a new customer of every row, and column \"{column}\" could give two customers one number: leave the number out and give --key, or import without --on-match add",
        "--on-match add 会把每一行都建成新客户，而“{column}”列可能让两位客户用同一编号：请去掉编号列并写明 --key，或不用 --on-match add",
    ),
    ("import.json-broken", "broken at character {at}", "第 {at} 个字符处有误"),
    ("import.json-cut", "it ends too early", "内容不完整"),
    ("import.json-other", "it is something else", "是别的内容"),
    ("import.is-sheet", "this is an Excel or LibreOffice file; save it as CSV", "这是 Excel 或 LibreOffice 文件；请另存为 CSV"),
    (
        "import.is-binary",
        "this is a program or another binary file, no text; give a CSV or JSON Lines file",
        "这是程序或其他二进制文件，不是文本；请提供 CSV 或 JSON Lines 文件",
    ),
    ("import.open-quote", "a quote is opened and never closed", "引号没有闭合"),
    ("import.row-too-long", "the row is longer than {limit} KiB", "这一行超过 {limit} KiB"),
    ("import.cell-too-long", "column {column}: the cell is longer than {limit} KiB", "{column} 列：单元格超过 {limit} KiB"),
    (
        "import.mis-encoded",
        "column {column}: bytes that are no {encoding}; state the encoding in the map file ([options] encoding)",
        "{column} 列：有不合 {encoding} 编码的字节；可在映射文件 [options] encoding 里写明编码",
    ),
    ("import.bad-json", "no JSON object: {why}", "不是 JSON 对象：{why}"),
    ("import.wrong-columns", "{found} {found?cell|cells} where the head has {expected}", "有 {found} 格，表头是 {expected} 列"),
    ("import.map-syntax", "the map file cannot be read: {why}", "映射文件无法读取：{why}"),
    ("import.map-text", "\"{word}\" needs a text or a list of texts", "“{word}”需要文本或文本列表"),
    ("import.map-field", "there is no field \"{word}\"; fields: {names}, custom.…", "没有字段“{word}”；字段有：{names}、custom.…"),
    ("import.map-table", "there is no table [{word}]; tables: {names}", "没有 [{word}] 表；可用的表：{names}"),
    ("import.map-type", "\"{word}\" is no type; types: {names}", "“{word}”不是类型；类型有：{names}"),
    ("import.map-date", "\"{word}\" is no date format; for example %d/%m/%Y", "“{word}”不是日期格式；例如 %d/%m/%Y"),
    ("import.map-encoding", "\"{word}\" is no encoding; for example {names}", "“{word}”不是编码；例如 {names}"),
    ("import.map-delimiter", "a delimiter is one character, not \"{word}\"", "分隔符是一个字符，不是“{word}”"),
    ("import.map-thousands", "a thousands sign is one character that is no digit, not \"{word}\"", "千分位是一个非数字字符，不是“{word}”"),
    ("import.map-option", "there is no option \"{word}\"; options: {names}", "没有选项“{word}”；选项有：{names}"),
    ("import.no-amount", "{column}: \"{value}\" is no amount; for example {fits}", "{column}：“{value}”不是数额；例如 {fits}"),
    (
        "import.grouped-amount",
        "{column}: \"{value}\" is no amount: digits are grouped by threes; for example {fits}. For 1.234,50 write thousands = \".\" under [options] in the map file",
        "{column}：“{value}”不是数额：千分位须三位一组；例如 {fits}。若写作 1.234,50，请在映射文件 [options] 里写明 thousands = \".\"",
    ),
    ("import.no-int", "{column}: \"{value}\" is no whole number; for example {fits}", "{column}：“{value}”不是整数；例如 {fits}"),
    (
        "import.no-date",
        "{column}: \"{value}\" is no date that exists; for example {fits}",
        "{column}：“{value}”不是存在的日期；例如 {fits}",
    ),
    (
        "import.serial-date",
        "{column}: \"{value}\" looks like a spreadsheet's day number; save the column as dates, for example {fits}",
        "{column}：“{value}”像是表格软件的日期序号；请把该列存为日期，例如 {fits}",
    ),
    ("import.no-bool", "{column}: \"{value}\" is neither yes nor no; for example {fits}", "{column}：“{value}”不是是或否；例如 {fits}"),
    (
        "import.spoiled-phone",
        "{column}: \"{value}\" was spoiled by a spreadsheet; save the column as text, for example {fits}",
        "{column}：“{value}”已被表格软件改坏；请把该列存为文本，例如 {fits}",
    ),
    ("import.no-consent", "{column}: \"{value}\" is no consent; for example {fits}", "{column}：“{value}”不是授权；例如 {fits}"),
    ("import.odd-phone", "{column}: \"{value}\" has not the shape of a phone; kept as written", "{column}：“{value}”不像电话；照原样保留"),
    (
        "import.odd-email",
        "{column}: \"{value}\" has not the shape of an e-mail address; kept as written",
        "{column}：“{value}”不像邮箱；照原样保留",
    ),
    (
        "import.unknown-word",
        "{column}: \"{value}\" is not in the dictionary ({fits}); --new-values takes it",
        "{column}：“{value}”不在字典里（{fits}）；--new-values 可收入",
    ),
    (
        "import.too-many-words",
        "{column}: too many different words for a dictionary; keep the column as {fits}",
        "{column}：不同的词太多，不像字典；可存为 {fits}",
    ),
    (
        "import.too-many-unknown",
        "{column}: more than {fits} unknown names; \"{value}\" was not taken",
        "{column}：超过 {fits} 个未知名称；“{value}”未收入",
    ),
    (
        "import.several-records",
        "{column}: \"{value}\" could be {fits} records; give its number",
        "{column}：“{value}”可能是 {fits} 条记录；请写编号",
    ),
    (
        "import.several-customers",
        "{column}: \"{value}\" could be {fits} customers; give a customer number",
        "{column}：“{value}”可能是 {fits} 位客户；请写客户编号",
    ),
    ("import.link-left-out", "{column}: there is no \"{value}\"; the link was left out", "{column}：没有“{value}”；未建立关联"),
    ("import.zero-quantity", "{column}: a quantity of zero; for example {fits}", "{column}：数量为零；例如 {fits}"),
    ("import.too-large", "{column}: \"{value}\" does not fit; at most {fits}", "{column}：“{value}”过大；最多 {fits}"),
    ("import.no-line-amount", "the line has no amount; give {fits}", "这一行没有金额；请给出 {fits}"),
    ("import.no-discount", "{column}: \"{value}\" is no discount; for example {fits}", "{column}：“{value}”不是折扣；例如 {fits}"),
    (
        "import.amount-apart",
        "{column}: \"{value}\" is not quantity x unit price less discount; the amount was taken",
        "{column}：“{value}”与数量×单价−折扣不符；以金额为准",
    ),
    ("import.long-number", "{column}: a number has at most {fits} bytes: \"{value}\"", "{column}：编号最多 {fits} 字节：“{value}”"),
    (
        "import.unknown-customer",
        "{column}: there is no customer \"{value}\"; {fits} makes one",
        "{column}：没有客户“{value}”；{fits} 可新建",
    ),
    (
        "import.unknown-order",
        "{column}: there is no order \"{value}\"; import the orders first",
        "{column}：没有订单“{value}”；请先导入订单",
    ),
    ("import.unknown-deal", "{column}: there is no deal \"{value}\"; import the deals first", "{column}：没有商机“{value}”；请先导入商机"),
    ("import.no-name", "the row has neither number nor name", "这一行既没有编号也没有姓名"),
    ("import.missing-value", "{column} is empty and must not be", "{column} 不能为空"),
    ("import.no-props", "{column}: \"{value}\" is no JSON object; for example {fits}", "{column}：“{value}”不是 JSON 对象；例如 {fits}"),
    (
        "import.ambiguous-dates",
        "{column}: \"{value}\" may be day/month or month/day; read as day/month (state date_format in the map file)",
        "{column}：“{value}”可能是日/月也可能是月/日；按日/月读取（可在映射文件写 date_format）",
    ),
    ("import.no-such-key", "there is no field \"{key}\" to match by", "没有可用于匹配的字段“{key}”"),
    ("import.no-column", "{kind} need a column \"{name}\"; found: {found}", "{kind} 需要“{name}”列；现有：{found}"),
    (
        "import.no-key",
        "{kind} are matched by \"{name}\", which no column holds; found: {found}; --key {other} matches by another column",
        "{kind} 按“{name}”匹配，但没有这一列；现有：{found}；--key {other} 可改用别的列匹配",
    ),
    ("import.no-head", "the file has no column \"{head}\"; found: {found}", "文件没有“{head}”列；现有：{found}"),
    ("import.no-such-kind", "{kind} cannot be imported", "不能导入 {kind}"),
    (
        "import.guessed-encoding",
        "the file was read as {encoding}; state another encoding in the map file",
        "文件按 {encoding} 读取；可在映射文件写明别的编码",
    ),
    (
        "import.repeated",
        "{count} {count?row repeats|rows repeat} a number of the file; the later one counts",
        "{count} 行的编号在文件里重复；以后出现的为准",
    ),
    ("import.companion-refused", "line {line} of the same order was refused", "同一订单的第 {line} 行被拒绝"),
    ("import.order-of-two", "the rows of this order name different customers (line {line})", "同一订单的行写了不同的客户（第 {line} 行）"),
    ("import.several-matches", "{count} records of the book match this row", "账本里有 {count} 条记录与这一行匹配"),
    ("import.order-too-large", "the order does not fit: too many lines, or too large a sum", "订单过大：行数太多或金额太大"),
    (
        "import.too-many-refusals",
        "more than {limit} rows were refused: this looks like a file of another kind",
        "被拒绝的行超过 {limit}：这像是另一种文件",
    ),
];

/// The English sentence of an import's code; the code itself for one that is not listed here.
pub fn english(say: &Say) -> String {
    let text = |code: &str| WORDS.iter().find(|(c, ..)| *c == code).map(|(_, en, _)| *en);
    let Some(words) = text(say.code) else { return say.code.to_string() };
    // A reason that is itself a code of this table is put in as its sentence.
    if let Some(why) = text(say.arg("why")) {
        let args = say.args.iter().map(|(n, v)| if *n == "why" { (*n, fill(why, say)) } else { (*n, v.clone()) }).collect();
        return fill(words, &Say { code: say.code, args });
    }
    let nearest = if say.arg("nearest").is_empty() { "" } else { text("import.did-you-mean").unwrap_or("") };
    let whole = if nearest.is_empty() { words.to_string() } else { format!("{words}; {nearest}") };
    fill(&whole, say)
}

/// `{name}`, or `{name?one|many}`: the first word when the argument is 1.
fn argument<'s>(inner: &'s str, say: &'s Say) -> &'s str {
    match inner.split_once('?') {
        None => say.arg(inner),
        Some((name, forms)) => {
            let (one, many) = forms.split_once('|').unwrap_or((forms, forms));
            if say.arg(name) == "1" { one } else { many }
        }
    }
}

/// Arguments are put in once, left to right, so that an argument cannot bring in another.
fn fill(words: &str, say: &Say) -> String {
    let mut out = String::with_capacity(words.len() + 40);
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else { break };
        out.push_str(argument(name, say));
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_once_with_the_same_arguments_in_both_languages() {
        let names = |t: &str| {
            let mut list: Vec<String> =
                t.split('{').skip(1).filter_map(|p| p.split_once('}')).map(|(n, _)| n.split('?').next().unwrap_or(n).to_string()).collect();
            list.sort();
            list.dedup();
            list
        };
        for (i, (code, en, zh)) in WORDS.iter().enumerate() {
            assert!(WORDS.iter().skip(i + 1).all(|(c, ..)| c != code), "{code}");
            assert_eq!(names(en), names(zh), "{code}");
        }
    }

    #[test]
    fn every_code_the_room_says_is_listed() {
        let sources = [
            include_str!("convert.rs"),
            include_str!("group.rs"),
            include_str!("json.rs"),
            include_str!("look.rs"),
            include_str!("map.rs"),
            include_str!("orders.rs"),
            include_str!("plan.rs"),
            include_str!("refuse.rs"),
            include_str!("row.rs"),
            include_str!("source.rs"),
            include_str!("stage.rs"),
            include_str!("window.rs"),
        ];
        let said = sources.iter().flat_map(|s| s.split("\"import.").skip(1)).filter_map(|p| p.split('"').next());
        for code in said {
            assert!(WORDS.iter().any(|(c, ..)| c.strip_prefix("import.") == Some(code)), "{code}");
        }
    }

    #[test]
    fn an_argument_cannot_bring_in_another() {
        let say = Say::new("import.no-date").with("column", "{value}").with("value", "x").with("fits", "y").with("nearest", "z");
        assert_eq!(english(&say), "{value}: \"x\" is no date that exists; for example y; did you mean \"z\"?");
    }
}
