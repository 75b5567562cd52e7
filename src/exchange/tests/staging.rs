//! Ordinary files: totals, order, matches, orders, references, dictionaries.

use super::book::{Book, customer, text as txt};
use super::*;
use crate::domain::{Day, Dicts, Home, Money, Quantity, Record, field, preset::code};

fn two() -> Book {
    Book::with([customer(1, "C1", "许清越"), customer(2, "C2", "Ann Sample")])
}

#[test]
fn customers_come_out_by_id_then_new_ones_in_file_order() {
    let csv = "number,name,city\nC9,New One,杭州\nC2,Ann Sample,Leeds\nC8,New Two,\nC1,许清越,上海\n";
    let (s, r) = take(csv, Kind::Customer, &two());
    let got: Vec<(u64, Target)> = r.iter().map(|r| (r.line, r.target)).collect();
    let old = |id| Target::Existing { id, home: Home::default() };
    assert_eq!(got, [(5, old(1)), (3, old(2)), (2, Target::New { ordinal: 1 }), (4, Target::New { ordinal: 2 })]);
    assert_eq!((s.totals.new_records, s.totals.refused), (2, 0));
    assert_eq!(get(&r[3], field::C_CITY), None);
}

#[test]
fn chinese_heads_in_gbk_and_utf16_are_read() {
    let csv = "客户编号,姓名,手机,性别,标签,生日\nC1,许清越,154 0000 6812,女,咖啡;老客户,1990年3月4日\n";
    let gbk = encoding_rs::GB18030.encode(csv).0.to_vec();
    let le: Vec<u8> = [0xFF, 0xFE].into_iter().chain(csv.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let be: Vec<u8> = [0xFE, 0xFF].into_iter().chain(csv.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let bom: Vec<u8> = [0xEF, 0xBB, 0xBF].into_iter().chain(csv.bytes()).collect();
    for bytes in [csv.as_bytes().to_vec(), gbk, le, be, bom] {
        let (_, r) = take_with(&bytes, Kind::Customer, &Options::default(), &two());
        assert_eq!(text(&r[0], field::C_NAME), "许清越");
        assert_eq!(get(&r[0], field::C_PHONES), Some(&Value::Texts(vec!["154 0000 6812".into()])));
        assert_eq!(get(&r[0], field::C_BIRTH), Day::from_ymd(1990, 3, 4).map(Value::Day).as_ref());
        assert_eq!(r[0].tags, ["咖啡", "老客户"]);
    }
}

#[test]
fn a_later_row_of_the_same_number_updates_the_earlier_and_the_same_row_changes_nothing() {
    let (s, r) = take("number,name,city\nC7,A,x\nc7,A,y\nC7,A,y\n", Kind::Customer, &two());
    assert_eq!((r.len(), text(&r[0], field::C_CITY)), (1, "y"));
    assert_eq!((s.totals.repeated_updated, s.totals.repeated_unchanged), (1, 1));
    assert!(s.warnings.iter().any(|w| w.say.code == "import.repeated" && w.count == 2));
}

#[test]
fn all_rows_of_an_order_number_are_one_order_wherever_they_stand() {
    let csv = "number,customer,at,product,quantity,unit_price\nO1,C1,2026-11-20,Mill,2,10\nO2,C2,2026-11-19,Mill,1,5\nO1,C1,2026-11-20,Cup,1,3.50\n";
    let (s, r) = take(csv, Kind::Order, &two());
    assert_eq!((r.len(), s.totals.handed_over), (2, 3));
    let lines = get(&r[0], field::O_LINES).unwrap().lines();
    assert_eq!((r[0].number.as_str(), r[0].rows, lines.len(), lines[1].quantity), ("O1", 2, 2, Quantity::pieces(1)));
    assert_eq!(get(&r[0], field::O_AMOUNT), Some(&Value::Money(Money(235_000))));
    assert_eq!((r[0].customer.clone(), get(&r[0], field::O_CUSTOMER)), (CustomerRef::Existing(1), Some(&Value::Ref(1))));
    let names: Vec<(&str, u64)> = s.placeholders.iter().map(|p| (p.name.as_str(), p.count)).collect();
    assert_eq!(names, [("Mill", 2), ("Cup", 1)]);
}

#[test]
fn one_refused_row_refuses_its_order_and_the_file_of_refusals_holds_every_row_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let csv = "number,customer,at,product,quantity,unit_price\nO1,C1,2026-11-20,Mill,2,10\nO2,C2,2026-11-19,Mill,1,5\nO1,C1,2026-11-20,Cup,0,3.50\n";
    let s = staged(dir.path(), csv.as_bytes(), Kind::Order, &Options::default(), &two()).unwrap();
    assert_eq!(refusals(&s), [(4, "import.zero-quantity"), (2, "import.companion-refused")]);
    assert_eq!((s.totals.refused, s.totals.handed_over), (2, 1));
    let file = std::fs::read_to_string(s.refusals.as_ref().unwrap()).unwrap();
    assert!(file.contains("O1,C1,2026-11-20,Mill,2,10") && file.contains("O1,C1,2026-11-20,Cup,0,3.50"), "{file}");
    // Mended, the file of refusals is an import.
    let mended = file.replace("Cup,0,", "Cup,1,");
    let (again, r) = take(&mended, Kind::Order, &two());
    assert_eq!((again.totals.refused, r.len(), r[0].rows, again.untaken.len()), (0, 1, 2, 0));
}

#[test]
fn lines_of_one_order_for_two_customers_are_refused() {
    let (s, r) = take("number,customer,at,amount\nO1,C1,2026-11-20,1\nO1,C2,2026-11-20,1\n", Kind::Order, &two());
    assert_eq!((r.len(), s.totals.refused), (0, 2));
}

#[test]
fn what_does_not_fit_is_refused_with_column_and_what_would_fit() {
    let csv = "number,customer,at,quantity,unit_price,status\nO1,C1,2026-02-30,1,1,\nO2,C9,2026-01-01,1,1,\nO3,C1,2026-01-01,x,1,\nO4,C1,2026-01-01,1,1,donee\nO5,,2026-01-01,1,1,\nO6,C1,45980,1,1,\n";
    let (s, _) = take(csv, Kind::Order, &two());
    let codes: Vec<&str> = s.first_refusals.iter().map(|(_, say)| say.code).collect();
    assert_eq!(
        codes,
        [
            "import.no-date",
            "import.unknown-customer",
            "import.no-amount",
            "import.unknown-word",
            "import.missing-value",
            "import.serial-date"
        ]
    );
    assert_eq!(s.first_refusals[3].1.arg("nearest"), "done");
    assert!(s.first_refusals.iter().all(|(_, say)| !say.arg("column").is_empty()));
}

#[test]
fn customers_are_made_on_the_way_when_asked() {
    let options = Options { create_customers: true, ..Options::default() };
    let csv = "number,customer,at,amount\nO1,C9,2026-01-01,1\nO2,C1,2026-01-01,1\nO3,C8,2026-01-02,1\nO4,c9,2026-01-03,2\n";
    let (s, r) = take_with(csv.as_bytes(), Kind::Order, &options, &two());
    assert_eq!(s.totals.new_customers, 2);
    let made: Vec<(u32, &str)> = r
        .iter()
        .filter_map(|r| if let CustomerRef::New { ordinal, word } = &r.customer { Some((*ordinal, word.as_str())) } else { None })
        .collect();
    assert_eq!(made, [(1, "C8"), (2, "C9"), (2, "c9")]);
    let StagedRef::New(2) = StagedRef::of(get(&r[2], field::O_CUSTOMER).unwrap().reference().unwrap()) else { panic!("not new") };
}

#[test]
fn links_to_customers_of_the_same_file_are_found_before_and_after() {
    let csv = "number,name,works_at,referred_by\nP1,Pat,Firm One,\nF1,Firm One,,\nP2,Pam,F1,P1\nP3,Pim,Nowhere Ltd,C1\n";
    let (s, r) = take(csv, Kind::Customer, &two());
    let link = |i: usize, f| get(&r[i], f).and_then(Value::reference).map(StagedRef::of);
    assert_eq!(link(0, field::C_WORKS_AT), Some(StagedRef::New(2)));
    assert_eq!(link(2, field::C_WORKS_AT), Some(StagedRef::New(2)));
    assert_eq!(link(2, field::C_REFERRED_BY), Some(StagedRef::New(1)));
    assert_eq!((link(3, field::C_WORKS_AT), link(3, field::C_REFERRED_BY)), (None, Some(StagedRef::Book(1))));
    assert_eq!(s.unknown_links.iter().map(|l| (l.word.as_str(), l.count)).collect::<Vec<_>>(), [("Nowhere Ltd", 1)]);
}

#[test]
fn open_dictionaries_take_new_words_and_others_only_when_asked() {
    let csv = "number,industry,gender\nC1,Beekeeping,x\nC2,beekeeping,\n";
    let (s, _) = take(csv, Kind::Customer, &two());
    assert_eq!(refusals(&s), [(2, "import.unknown-word")]);
    let options = Options { new_values: true, ..Options::default() };
    let (s, r) = take_with(csv.as_bytes(), Kind::Customer, &options, &two());
    assert_eq!(s.new_entries.iter().map(|e| (e.word.as_str(), e.count)).collect::<Vec<_>>(), [("Beekeeping", 2), ("x", 1)]);
    assert_eq!(get(&r[0], field::C_INDUSTRY), Some(&Value::Code(NewEntry::CODES)));
}

#[test]
fn a_missing_key_is_said_with_what_was_found_and_what_would_do() {
    let dir = tempfile::tempdir().unwrap();
    let error = |csv: &str, kind| match staged(dir.path(), csv.as_bytes(), kind, &Options::default(), &two()) {
        Err(ImportError::Refused(list)) => list,
        other => panic!("{other:?}"),
    };
    let list = error("nmae,手机\nA,1\n", Kind::Customer);
    assert_eq!((list.len(), list[0].code, list[0].arg("other")), (1, "import.no-key", "phone"));
    let list = error("ordr number,customer,at\nO1,C1,2026-01-01\n", Kind::Order);
    assert_eq!((list[0].code, list[0].arg("name"), list[0].arg("nearest")), ("import.no-column", "number", "ordr number"));
}

#[test]
fn customers_match_by_phone_when_asked() {
    let mut book = two();
    book.records[0].set(field::C_PHONES, Some(Value::Texts(vec!["154-0000-6812".into()])));
    let options = Options { key: Some("phone".into()), ..Options::default() };
    let (s, r) = take_with("姓名,手机\n许清越,+86 15400006812\n新人,15400009999\n无号,\n".as_bytes(), Kind::Customer, &options, &book);
    assert_eq!(r[0].target, Target::Existing { id: 1, home: Home::default() });
    assert_eq!((r.len(), s.totals.new_records), (3, 2));
}

#[test]
fn untaken_columns_are_listed_with_the_option_that_keeps_them_or_kept() {
    let csv = "number,shoe size,member since\nC1,42,2020-01-31\n";
    let (s, _) = take(csv, Kind::Customer, &two());
    assert_eq!(s.untaken.iter().map(|u| u.keep.as_str()).collect::<Vec<_>>(), ["--custom=shoe size", "--custom=member since"]);
    let options = Options { custom: Custom::All, ..Options::default() };
    let (s, r) = take_with(csv.as_bytes(), Kind::Customer, &options, &two());
    assert_eq!(
        s.wanted_fields.iter().map(|w| (w.key.as_str(), w.ty)).collect::<Vec<_>>(),
        [("shoe_size", "int"), ("member_since", "date")]
    );
    assert_eq!(get(&r[0], s.wanted_fields[0].field), Some(&Value::Int(42)));
}

#[test]
fn payments_and_stages_find_their_customer_through_order_and_deal() {
    let order = Record::new(Kind::Order, 7).with(field::O_NUMBER, txt("O1")).with(field::O_CUSTOMER, Value::Ref(2));
    let deal = Record::new(Kind::Deal, 8).with(field::D_NUMBER, txt("D1"));
    let mut book = two();
    book.records.extend([order, deal]);
    let (s, r) = take("order,at,amount\nO1,2026-01-01,5\nO9,2026-01-01,5\n", Kind::Payment, &book);
    assert_eq!((r[0].customer.clone(), get(&r[0], field::Y_ORDER)), (CustomerRef::Existing(2), Some(&Value::Ref(7))));
    assert_eq!(refusals(&s), [(3, "import.unknown-order")]);
    let (s, r) = take("deal,stage,at\nD1,Quote,2026-01-01\n", Kind::StageVisit, &book);
    assert_eq!((r[0].customer.clone(), s.placeholders.len(), s.totals.refused), (CustomerRef::None, 1, 0));
}

#[test]
fn json_lines_may_bring_a_new_field_at_any_line() {
    let json = "{\"customer\":\"C1\",\"at\":\"2026-01-01 10:00\",\"name\":\"view\",\"props\":{\"page\":\"home\",\"n\":3}}\n\n{\"customer\":\"C2\",\"at\":\"2026-01-02\",\"name\":\"view\",\"incentivised\":true,\"props\":null}\n{oops\n";
    let (s, r) = take(json, Kind::Event, &two());
    assert_eq!(get(&r[0], field::E_PROPS), Some(&Value::Props(vec![("n".into(), "3".into()), ("page".into(), "home".into())])));
    assert_eq!(get(&r[1], field::E_INCENTIVISED), Some(&Value::Bool(true)));
    assert_eq!(refusals(&s), [(4, "import.bad-json")]);
}

#[test]
fn consents_and_do_not_contact_are_read() {
    let (_, r) =
        take("number,consent,do_not_contact\nC1,email:2026-01-31;短信,yes\nC2,wechat::withdrawn,call;邮件\n", Kind::Customer, &two());
    let consents = get(&r[0], field::C_CONSENT).unwrap().consents();
    assert_eq!((consents.len(), consents[0].channel, consents[0].given), (2, code::CHANNEL_EMAIL, true));
    assert_eq!(get(&r[0], field::C_DNC).unwrap().codes().len(), Dicts::default().entries(crate::domain::Dict::Channel).len());
    assert!(!get(&r[1], field::C_CONSENT).unwrap().consents()[0].given);
    assert_eq!(get(&r[1], field::C_DNC).unwrap().codes(), [code::CHANNEL_CALL, code::CHANNEL_EMAIL]);
}

#[test]
fn dates_that_fit_both_ways_are_warned_about_and_proven_ones_are_not() {
    let (s, _) = take("number,birth_date\nC1,03/04/1990\n", Kind::Customer, &two());
    assert!(s.warnings.iter().any(|w| w.say.code == "import.ambiguous-dates"));
    let (s, r) = take("number,birth_date\nC1,03/04/1990\nC2,04/25/1990\n", Kind::Customer, &two());
    assert!(s.warnings.is_empty());
    assert_eq!(get(&r[0], field::C_BIRTH), Day::from_ymd(1990, 3, 4).map(Value::Day).as_ref());
}

#[test]
fn a_staging_can_be_stopped_and_tells_how_far_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let csv: String = "number,name\n".chars().chain((0..9000).flat_map(|i| format!("N{i},x\n").chars().collect::<Vec<_>>())).collect();
    let mut heard = Vec::new();
    let stopped =
        stage(&mut csv.as_bytes(), Kind::Customer, &Options::default(), &two(), dir.path(), &|| true, &mut |b, n| heard.push((b, n)));
    assert!(matches!(stopped, Err(ImportError::Cancelled)));
    assert_eq!(heard.first().map(|h| h.1), Some(4096));
}

#[test]
fn the_same_bytes_have_the_same_hash() {
    let csv = "number,name\nC7,A\n";
    assert_eq!(take(csv, Kind::Customer, &two()).0.file_hash, *blake3::hash(csv.as_bytes()).as_bytes());
}

#[test]
fn add_makes_every_row_new() {
    let options = Options { on_match: OnMatch::Add, key: Some("name".into()), ..Options::default() };
    let (s, _) = take_with(b"name,city\nAnn Sample,A\nAnn Sample,A\n", Kind::Customer, &options, &two());
    assert_eq!(s.totals.new_records, 2);
}

#[test]
fn an_unknown_customer_is_told_with_the_nearest() {
    let (s, _) = take("number,customer,at,amount\nO1,Ann Smaple,2026-01-01,1\n", Kind::Order, &two());
    assert_eq!((refusals(&s), s.first_refusals[0].1.arg("nearest")), (vec![(2, "import.unknown-customer")], "Ann Sample"));
}

#[test]
fn a_sheet_or_a_program_is_told_as_what_it_is() {
    let dir = tempfile::tempdir().unwrap();
    for (bytes, code) in [
        (&b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0"[..], "import.is-sheet"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0\0", "import.is-sheet"),
        (b"\x7FELF\x02\x01\x01\0\0\0\0\0", "import.is-binary"),
    ] {
        let Err(ImportError::Refused(says)) = staged(dir.path(), bytes, Kind::Customer, &Options::default(), &two()) else {
            panic!("{code}")
        };
        assert_eq!(says[0].code, code);
    }
}

#[test]
fn advice_names_only_what_the_file_has() {
    let refused = |csv: &str| match staged(tempfile::tempdir().unwrap().path(), csv.as_bytes(), Kind::Customer, &Options::default(), &two())
    {
        Err(ImportError::Refused(says)) => says[0].clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused("city\nX\n").code, "import.no-column");
    assert_eq!((refused("name\nX\n").code, refused("name\nX\n").arg("other").to_string()), ("import.no-key", "name".into()));
    let (s, _) = take("number,name,number\nC7,A,9\n", Kind::Customer, &two());
    assert_eq!(s.untaken.iter().map(|u| (u.head.as_str(), u.nearest)).collect::<Vec<_>>(), [("number", None)]);
}

#[test]
fn json_lists_come_as_arrays_or_as_text_and_custom_keys_keep_their_name() {
    let jsonl = "{\"number\":\"C7\",\"phone\":[\"154-0000-0001\",\"154-0000-0002\"],\"tags\":[\"a;b\",\"c\"],\"custom.shoe size\":42}\n{\"number\":\"C8\",\"phone\":\"154-0000-0001;154-0000-0002\",\"tags\":\"a\\\\;b;c\",\"custom\":{\"shoe size\":43}}\n";
    for custom in [Custom::All, Custom::Some(vec!["shoe size".into()]), Custom::Some(vec!["custom.shoe size".into()])] {
        let options = Options { custom, ..Options::default() };
        let (s, r) = take_with(jsonl.as_bytes(), Kind::Customer, &options, &two());
        assert_eq!(s.wanted_fields.iter().map(|w| w.key.as_str()).collect::<Vec<_>>(), ["shoe_size"]);
        assert_eq!((&r[0].tags, get(&r[0], field::C_PHONES)), (&r[1].tags, get(&r[1], field::C_PHONES)));
        assert_eq!(r[0].tags, ["a;b", "c"]);
        assert_eq!(r.iter().filter_map(|r| get(r, s.wanted_fields[0].field)).count(), 2);
    }
}

#[test]
fn a_head_that_cannot_be_read_says_why_in_the_readers_language() {
    let say = crate::domain::Say::new("import.bad-head").with("why", "import.row-too-long").with("limit", 1);
    assert_eq!(english(&say), "the first line cannot be read as column heads: the row is longer than 1 KiB");
    let shown = crate::text::say(crate::text::Lang::Zh, &say);
    assert!(shown.contains("1 KiB") && shown.contains("这一行超过"), "{shown}");
}
