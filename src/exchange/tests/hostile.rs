//! Files that mean harm, or were harmed.

use super::book::{Book, customer};
use super::*;
use crate::domain::field;
use proptest::prelude::*;

fn one() -> Book {
    Book::with([customer(1, "C1", "许清越")])
}

#[test]
fn an_endless_line_is_refused_with_its_line_and_the_next_row_is_read() {
    let csv = format!("number,name\nC1,A\n{}\nC2,B\n", "x".repeat(3 << 20));
    let (s, r) = take(&csv, Kind::Customer, &one());
    assert_eq!((refusals(&s), r.len()), (vec![(3, "import.row-too-long")], 2));
}

#[test]
fn an_endless_cell_is_refused() {
    let csv = format!("number,name\nC1,{}\nC2,B\n", "x".repeat(70 << 10));
    let (s, r) = take(&csv, Kind::Customer, &one());
    assert_eq!((refusals(&s), r.len(), s.first_refusals[0].1.arg("column")), (vec![(2, "import.cell-too-long")], 1, "name"));
}

#[test]
fn a_quote_that_is_never_closed_costs_one_line() {
    for (rows, wide) in [(100, 10), (8_000, 160)] {
        let tail: String = (0..rows).map(|i| format!("N{i},{}\n", "x".repeat(wide))).collect();
        let csv = format!("number,name\nC1,\"A\n{tail}");
        let (s, _) = take(&csv, Kind::Customer, &one());
        assert_eq!((refusals(&s), s.totals.handed_over), (vec![(2, "import.open-quote")], rows));
    }
}

#[test]
fn broken_bytes_refuse_their_row_with_the_column() {
    let csv = [b"number,name,city\nC1,\xE6\x9D,x\n".to_vec(), "C2,许,杭州\n".into(), "C3,沈知微,上海\n".into()].concat();
    let (s, r) = take_with(&csv, Kind::Customer, &Options::default(), &one());
    assert_eq!((refusals(&s), s.first_refusals[0].1.arg("column"), r.len()), (vec![(2, "import.mis-encoded")], "name", 2));
}

#[test]
fn a_torn_end_and_rows_of_other_lengths_are_refused_one_by_one() {
    let (s, r) = take("number,name,city\nC1,A,x\nC2,B\nC3,C,x,y\n\nC4,D,\"x", Kind::Customer, &one());
    assert_eq!(refusals(&s), [(3, "import.wrong-columns"), (4, "import.wrong-columns"), (6, "import.open-quote")]);
    assert_eq!((r.len(), s.totals.read), (1, 4));
}

#[test]
fn escape_sequences_bidi_and_piles_of_marks_do_not_get_in() {
    let csv = format!("number,name\nC1,\u{1b}[31mred\u{202e}der\nC2,a{}b\n", "\u{301}".repeat(5000));
    let (_, r) = take(&csv, Kind::Customer, &one());
    assert_eq!(text(&r[0], field::C_NAME), "redder");
    assert!(text(&r[1], field::C_NAME).chars().count() < 10);
}

#[test]
fn a_refusal_shows_nothing_hostile_and_runs_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let csv = "number,name,birth_date\nC1,=cmd|x,\u{1b}[2Jnever\n";
    let s = staged(dir.path(), csv.as_bytes(), Kind::Customer, &Options::default(), &one()).unwrap();
    assert_eq!(s.first_refusals[0].1.arg("value"), "never");
    let file = std::fs::read_to_string(s.refusals.unwrap()).unwrap();
    assert!(file.contains(",'=cmd|x,"), "{file}");
}

#[test]
fn empty_and_wrong_files_are_one_sentence() {
    let dir = tempfile::tempdir().unwrap();
    for (bytes, code) in [
        (&b""[..], "import.empty-file"),
        (b"\n\n  \n", "import.empty-file"),
        (b"\x00\x01\x02\x03", "import.no-column"),
        (b"\"a", "import.bad-head"),
    ] {
        match staged(dir.path(), bytes, Kind::Customer, &Options::default(), &one()) {
            Err(ImportError::Refused(list)) => assert_eq!(list[0].code, code),
            other => panic!("{bytes:?}: {other:?}"),
        }
    }
}

#[test]
fn quotes_inside_cells_are_read_as_the_csv_crate_reads_them() {
    for text in [
        "number,name\n\"C1\",\"a \"\"b\"\"\"\n",
        "number,name\r\nC1,a\"b\r\n",
        "number,name\nC1,\"a\nb\"x\n",
        "number,name\rC1,b\r",
        "number,name\nC1,\"a\"\"b\"c\n",
    ] {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let expected: Vec<String> =
            reader.records().next().unwrap().unwrap().iter().map(|c| crate::domain::clean::line(c).into_owned()).collect();
        let (_, r) = take(text, Kind::Customer, &one());
        assert_eq!([text_of(&r[0], 0), text_of(&r[0], 1)], [expected[0].as_str(), expected[1].as_str()], "{text:?}");
    }
}

fn text_of(row: &StagedRow, i: usize) -> &str {
    text(row, [field::C_NUMBER, field::C_NAME][i])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// `staged` asserts that read = handed over + repeated + refused.
    #[test]
    fn any_bytes_behind_a_head_add_up(tail in prop::collection::vec(prop_oneof![Just(b','), Just(b'"'), Just(b'\n'), Just(b'\r'), Just(0xE6u8), 32u8..127, any::<u8>()], 0..600)) {
        let dir = tempfile::tempdir().unwrap();
        let bytes = [b"number,customer,at,quantity,amount\n".to_vec(), tail].concat();
        prop_assert!(staged(dir.path(), &bytes, Kind::Order, &Options::default(), &one()).is_ok());
    }

    #[test]
    fn rows_that_the_csv_crate_writes_come_out_as_they_went_in(names in prop::collection::vec("[a-z\",;\n \u{4e00}-\u{4e20}]{1,12}", 1..20)) {
        let mut w = csv::Writer::from_writer(Vec::new());
        w.write_record(["number", "name", "note"]).unwrap();
        for (i, name) in names.iter().enumerate() {
            w.write_record([format!("N{i:03}").as_str(), "x", name]).unwrap();
        }
        let bytes = w.into_inner().unwrap();
        let (s, r) = take_with(&bytes, Kind::Customer, &Options::default(), &one());
        prop_assert_eq!(s.totals.refused, 0);
        for (row, name) in r.iter().zip(&names) {
            let expected = crate::domain::clean::note(name).into_owned();
            prop_assert_eq!(text(row, field::C_NOTE), expected.as_str());
        }
    }
}
