//! The process that is killed: two people log, a third imports, tags and takes back. Every answer goes into a file at once.

use crate::book::{entry, options};
use guanxi::domain::{CustomerId, Kind, RowSet, Value, Who, Zone, field};
use guanxi::ops::Desk;
use guanxi::ops::import::{ImportOrder, import};
use guanxi::ops::open::{self, Options};
use guanxi::ops::request::{Reply, Request, Saved};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Where the book and the answers are, and which round it is.
pub const DIR: &str = "GUANXI_KILLS_DIR";
pub const ROUND: &str = "GUANXI_KILLS_ROUND";
/// Follow-ups that each of the two people logs.
const CALLS: u32 = 60;
/// Rows of each file that is imported.
pub const ROWS: u32 = 1200;

struct Answers(Mutex<File>);

impl Answers {
    fn say(&self, line: String) {
        self.0.lock().unwrap().write_all(format!("{line}\n").as_bytes()).unwrap();
    }
}

pub fn customers(round: u32) -> String {
    let line = |n: u32| format!("R{round}-{n},客{n},城{},t{}\n", n % 9, n % 4);
    std::iter::once("number,name,city,tags\n".to_string()).chain((0..ROWS).map(line)).collect()
}

pub fn orders(round: u32) -> String {
    let line = |n: u32| format!("R{round}-{n},BASE,2026-10-{:02},P{},1,{}\n", n % 28 + 1, n % 5, n % 90 + 1);
    std::iter::once("number,customer,at,product,quantity,unit_price\n".to_string()).chain((0..ROWS).map(line)).collect()
}

/// The op id of the n-th follow-up of a person in a round.
fn op_id(round: u32, person: u32, n: u32) -> u128 {
    (u128::from(round) + 1) << 64 | u128::from(person) << 32 | u128::from(n)
}

fn save(desk: &Desk, who: &Who, request: Request) -> Saved {
    match desk.ask(who, request, &|| false).unwrap() {
        Reply::Saved(saved) => saved,
        other => panic!("{other:?}"),
    }
}

fn take_in(desk: &Desk, who: &Who, kind: Kind, csv: &str) -> u64 {
    let order = ImportOrder { kind, file: "f.csv".into(), bytes: 0, options: Default::default(), dry_run: false, shift_days: 0 };
    import(desk, who, &order, &mut csv.as_bytes(), &|| false, &|_| {}).unwrap().batch.unwrap()
}

fn base(desk: &Desk, who: &Who) -> CustomerId {
    let known = desk.shared().version().by_number("BASE");
    let fields = vec![(field::C_NUMBER, Value::Text("BASE".into())), (field::C_NAME, Value::Text("某".into()))];
    known.first().copied().unwrap_or_else(|| save(desk, who, Request::Add { kind: Kind::Customer, fields }).customer.unwrap())
}

fn logs(desk: &Desk, answers: &Answers, customer: CustomerId, round: u32, person: u32) {
    let who = Who::owner(&format!("person {person}"));
    for n in 0..CALLS {
        let op = op_id(round, person, n);
        save(desk, &who, Request::Log(entry(customer, &format!("call {n} of {person}"), op)));
        answers.say(format!("op {op}"));
    }
}

fn imports(desk: &Desk, answers: &Answers, customer: CustomerId, round: u32) {
    let who = Who::owner("importer");
    answers.say(format!("seq {}", take_in(desk, &who, Kind::Customer, &customers(round))));
    answers.say(format!("customers {round}"));
    answers.say(format!("seq {}", take_in(desk, &who, Kind::Order, &orders(round))));
    answers.say(format!("orders {round}"));
    let tag = Request::Mark { tag: format!("round {round}"), on: true, rows: RowSet::one(customer) };
    answers.say(format!("seq {}", save(desk, &who, tag).seq));
    for request in [Request::Undo { seq: None }, Request::Redo] {
        answers.say(format!("seq {}", save(desk, &who, request).seq));
    }
    answers.say(format!("tag {round}"));
}

fn work(dir: &Path, round: u32) {
    let file = OpenOptions::new().create(true).append(true).open(answers_in(dir)).unwrap();
    let answers = Answers(Mutex::new(file));
    let options = Options { entropy: guanxi::ops::entropy::Entropy::system(), ..options(&dir.join("book")) };
    let quiet: open::OnProgress = Arc::new(|_| {});
    let desk =
        if open::is_book(&dir.join("book")) { open::open(options, quiet) } else { open::create(options, Zone::shanghai(), "CNY", quiet) };
    let desk = desk.unwrap();
    desk.ready().unwrap();
    answers.say("ready".to_string());
    let customer = base(&desk, &Who::owner("importer"));
    std::thread::scope(|scope| {
        let (desk, answers) = (&desk, &answers);
        scope.spawn(move || logs(desk, answers, customer, round, 1));
        scope.spawn(move || logs(desk, answers, customer, round, 2));
        imports(desk, answers, customer, round);
    });
    desk.close();
    answers.say("closed".to_string());
}

pub fn answers_in(dir: &Path) -> PathBuf {
    dir.join("answers")
}

#[test]
#[ignore = "the process that the kills start and kill"]
fn works_until_it_is_killed() {
    let (Some(dir), Ok(round)) = (std::env::var_os(DIR), std::env::var(ROUND)) else { return };
    work(Path::new(&dir), round.parse().unwrap());
}
