//! Files in: atomic, comparable, undoable.

use super::book::{Book, same};
use guanxi::domain::Kind;
use guanxi::exchange::{Custom, Format, OnMatch, Options};
use guanxi::ops::import::{ImportOrder, import};
use guanxi::ops::request::Request;
use guanxi::text::{Lang, say};

const CUSTOMERS: &str =
    "number,name,phone,city,tags\nC1,许清越,154-0000-6812,杭州,vip;老客\nC2,单雨桐,154-0000-0002,成都,\nC3,曾可,154-0000-0003,,vip\n";
const ORDERS: &str = "number,customer,at,product,quantity,unit_price,paid\n10234,C1,2026-11-01,DB-1,2,48,yes\n10235,C2,2026-10-01,DB-1,1,48,no\n10234,C1,2026-11-01,DB-2,1,88,yes\n";

#[test]
fn an_import_is_in_view_searchable_and_survives_a_restart() {
    let mut book = Book::new();
    let r = book.import(Kind::Customer, CUSTOMERS).unwrap();
    assert_eq!((r.rows.read, r.rows.created, r.rows.refused), (3, 3, 0));
    let r = book.import(Kind::Order, ORDERS).unwrap();
    assert_eq!((r.rows.read, r.rows.created, r.rows.refused), (3, 3, 0));
    for _ in 0..2 {
        let hit = &book.find("#10234").hits[0];
        assert_eq!(hit.card.record.number(), "C1");
        assert_eq!((hit.card.totals.orders, hit.card.totals.ordered.plain()), (1, "184".to_string()));
        assert_eq!(book.find("vip").total, 2);
        book.reopen();
    }
}

#[test]
fn importing_a_file_twice_changes_nothing() {
    let book = Book::new();
    for (kind, csv) in [(Kind::Customer, CUSTOMERS), (Kind::Order, ORDERS)] {
        book.import(kind, csv).unwrap();
        let before = book.everything();
        let again = book.import(kind, csv).unwrap();
        assert_eq!((again.rows.read, again.rows.unchanged, again.batch), (3, 3, None));
        assert!(again.already.is_some());
        same(&book.everything(), &before, "the book");
    }
    let payments = "order,at,amount,method\n10234,2026-11-02,100,cash\n10234,2026-11-02,100,cash\n";
    book.import(Kind::Payment, payments).unwrap();
    let again = book.import(Kind::Payment, payments).unwrap();
    assert_eq!((again.rows.unchanged, again.rows.created), (2, 0));
}

#[test]
fn an_import_is_taken_back_whole_and_done_again_with_the_same_ids() {
    let mut book = Book::new();
    book.import(Kind::Customer, CUSTOMERS).unwrap();
    let before = book.everything();
    let update = "number,name,city,industry,tags\nC1,许清越,上海,retail,new\nC9,新客,北京,retail,new\n";
    let r = book.import(Kind::Customer, update).unwrap();
    assert_eq!((r.rows.created, r.rows.updated), (1, 1));
    let after = book.everything();
    assert_ne!(before, after);
    book.save(Request::Undo { seq: None }).unwrap();
    same(&book.everything(), &before, "the book");
    book.reopen();
    same(&book.everything(), &before, "the book");
    book.save(Request::Redo).unwrap();
    same(&book.everything(), &after, "the book");
    book.reopen();
    same(&book.everything(), &after, "the book");
}

#[test]
fn what_somebody_worked_on_since_stays_when_an_import_is_taken_back() {
    let book = Book::new();
    book.import(Kind::Customer, CUSTOMERS).unwrap();
    let c1 = book.find("C1").hits[0].card.id;
    book.log(c1, "spoke", 5).unwrap();
    let import = book.history().into_iter().find(|r| r.what.code == "done.imported").unwrap().seq;
    let saved = book.save(Request::Undo { seq: Some(import) }).unwrap();
    assert_eq!(saved.what.arg("kept"), "1");
    assert_eq!(book.find("许清越").total, 1);
    assert_eq!(book.find("单雨桐").total, 0);
}

#[test]
fn unknown_customers_are_refused_unless_they_may_be_made() {
    let book = Book::new();
    let r = book.import(Kind::Order, ORDERS).unwrap();
    assert_eq!((r.rows.created, r.rows.refused), (0, 3));
    let options = Options { create_customers: true, ..Options::default() };
    let r = book.import_with(Kind::Order, ORDERS, options).unwrap();
    assert_eq!((r.rows.created, r.rows.refused), (3, 0));
    assert_eq!(book.find("C1").hits[0].card.totals.orders, 1);
}

#[test]
fn colleagues_go_on_while_an_import_runs() {
    let book = Book::new();
    let id = book.customer("许清越", "154-0000-6812");
    let many: String =
        std::iter::once("number,name,phone\n".to_string()).chain((0..20_000).map(|n| format!("N{n},客{n},1540001{n:04}\n"))).collect();
    std::thread::scope(|scope| {
        let import = scope.spawn(|| book.import(Kind::Customer, &many).unwrap());
        for n in 1..=50 {
            book.log(id, "meanwhile", n).unwrap();
        }
        assert_eq!(import.join().unwrap().rows.created, 20_000);
    });
    assert_eq!(book.profile(id).rows.len(), 50);
    assert_eq!(book.find("客19999").hits[0].card.record.number(), "N19999");
}

#[test]
fn followups_without_numbers_are_known_again() {
    let book = Book::new();
    let id = book.customer("许清越", "154-0000-6812");
    book.log(id, "asked for the price", 1).unwrap();
    book.log(id, "asked again", 2).unwrap();
    let mut out = Vec::new();
    guanxi::ops::export::export(book.desk(), &book.who, Kind::Interaction, &[], Format::Csv, &mut out).unwrap();
    let file = String::from_utf8(out).unwrap();
    let before = book.everything();
    let again = book.import(Kind::Interaction, &file).unwrap();
    assert_eq!((again.rows.read, again.rows.unchanged, again.batch), (2, 2, None), "{file}");
    same(&book.everything(), &before, "the book");
    for (kind, csv) in [
        (Kind::Interaction, "customer,at,channel,note\n许清越,2026-11-01 10:00,phone,a\n许清越,2026-11-01 10:00,phone,a\n"),
        (Kind::Deal, "customer,title,at,amount\n许清越,Big one,2026-11-01,100\n许清越,Big one,2026-11-01,100\n"),
        (Kind::Ticket, "customer,title,at\n许清越,Broken,2026-11-01\n许清越,Broken,2026-11-01\n"),
    ] {
        assert_eq!(book.import(kind, csv).unwrap().rows.created, 2, "{kind:?}");
        let again = book.import(kind, csv).unwrap();
        assert_eq!((again.rows.unchanged, again.rows.created, again.batch), (2, 0, None), "{kind:?}");
    }
}

#[test]
fn a_dry_run_counts_placeholders_as_new_and_writes_nothing() {
    let book = Book::new();
    book.import(Kind::Customer, CUSTOMERS).unwrap();
    book.import(Kind::Order, ORDERS).unwrap();
    let before = book.everything();
    let file = export(&book, Kind::Order).replace("DB-1", "Lamp");
    let order =
        ImportOrder { kind: Kind::Order, file: "x.csv".into(), bytes: 0, options: Options::default(), dry_run: true, shift_days: 0 };
    let r = import(book.desk(), &book.who, &order, &mut file.as_bytes(), &|| false, &|_| {}).unwrap();
    assert_eq!((r.rows.updated, r.rows.unchanged, r.batch), (3, 0, None));
    assert_eq!(r.staged.placeholders.iter().map(|p| (p.name.as_str(), p.count)).collect::<Vec<_>>(), [("Lamp", 2)]);
    same(&book.everything(), &before, "the book");
}

#[test]
fn nothing_is_made_for_rows_that_are_refused() {
    let book = Book::new();
    book.import(Kind::Customer, CUSTOMERS).unwrap();
    let before = book.everything();
    let refused = "number,customer,at,product,amount,channel\nO1,C1,2026-02-30,Lamp,1,fair\nO2,C1,x,Lamp,1,fair\n";
    let r = book.import(Kind::Order, refused).unwrap();
    assert_eq!((r.rows.refused, r.batch), (2, None));
    let options = Options { custom: Custom::All, new_values: true, ..Options::default() };
    let r = book.import_with(Kind::Customer, "number,shoe,industry,birth_date\nC7,42,beekeeping,2026-02-30\n", options).unwrap();
    assert_eq!((r.rows.refused, r.batch), (1, None));
    same(&book.everything(), &before, "the book");
    let mixed = "number,customer,at,product,amount\nO1,C1,2026-02-30,Lamp,1\nO2,C1,2026-02-03,Chair,1\n";
    let r = book.import(Kind::Order, mixed).unwrap();
    assert_eq!((r.rows.created, r.rows.refused), (1, 1));
    let products = export(&book, Kind::Product);
    assert!(products.contains("Chair") && !products.contains("Lamp"), "{products}");
}

#[test]
fn more_new_tags_than_an_import_can_make_are_refused_whole() {
    let book = Book::new();
    let rows = (0..=10_000).map(|i| format!("N{i},n,tag {i}\n"));
    let many: String = std::iter::once("number,name,tags\n".to_string()).chain(rows).collect();
    let why = book.import(Kind::Customer, &many).unwrap_err();
    assert_eq!((why.say.code, why.say.arg("limit")), ("import.too-many-tags", "10000"));
    for lang in [Lang::En, Lang::Zh] {
        assert!(say(lang, &why.say).contains("10000"), "{}", say(lang, &why.say));
    }
    assert_eq!(book.find("N1").total, 0);
    assert_eq!(book.import(Kind::Customer, CUSTOMERS).unwrap().rows.created, 3);
}

fn export(book: &Book, kind: Kind) -> String {
    let mut out = Vec::new();
    guanxi::ops::export::export(book.desk(), &book.who, kind, &[], Format::Csv, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn adding_customers_by_number_is_refused_rather_than_making_two_of_one_number() {
    let book = Book::new();
    book.import(Kind::Customer, CUSTOMERS).unwrap();
    let add = |key: Option<&str>| Options { on_match: OnMatch::Add, key: key.map(str::to_string), ..Options::default() };
    let why = book.import_with(Kind::Customer, CUSTOMERS, add(None)).unwrap_err();
    assert_eq!(why.say.code, "import.add-numbers");
    assert_eq!(book.import_with(Kind::Customer, CUSTOMERS, add(Some("phone"))).unwrap_err().say.code, "import.add-numbers");
    let r = book.import_with(Kind::Customer, "name,phone\n许清越,154-0000-6812\n", add(Some("phone"))).unwrap();
    assert_eq!(r.rows.created, 1);
}

#[test]
fn an_amount_grouped_otherwise_than_by_threes_is_refused_and_the_option_is_named() {
    let book = Book::new();
    book.import(Kind::Customer, CUSTOMERS).unwrap();
    let csv = "number,customer,at,quantity,unit_price\nO1,C1,2026-11-01,1,\"12,5\"\nO2,C1,2026-11-01,\"1,5\",2\nO3,C1,2026-11-01,2,\"1,234.50\"\n";
    let r = book.import(Kind::Order, csv).unwrap();
    assert_eq!((r.rows.created, r.rows.refused), (1, 2));
    for (_, why) in &r.staged.first_refusals {
        assert_eq!(why.code, "import.grouped-amount");
        for lang in [Lang::En, Lang::Zh] {
            assert!(say(lang, why).contains("thousands"), "{}", say(lang, why));
        }
    }
}
