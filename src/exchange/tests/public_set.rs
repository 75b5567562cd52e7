//! The map files of the public sales set, on rows shaped like its own.

use super::book::{Book, customer, text as txt};
use super::*;
use crate::domain::{Record, field, preset::code};

fn map(text: &str, kind: Kind) -> Options {
    Options { map: Map::parse(text, kind).unwrap_or_else(|m| panic!("{m:?}")), ..Options::default() }
}

#[test]
fn accounts_have_their_name_for_a_number_and_find_their_parents() {
    let csv = "account,sector,year_established,revenue,employees,office_location,subsidiary_of\nBluth Company,technolgy,1993,1242.32,3027,United States,Acme Corporation\nAcme Corporation,technolgy,1996,1100.04,2822,United States,\nBioplex,medical,1991,326.82,1016,Philipines,\nCondax,marketing,2017,4.54,9,United States,\n";
    let (s, r) = take_with(
        csv.as_bytes(),
        Kind::Customer,
        &map(include_str!("../../../sample-data/maps/accounts.toml"), Kind::Customer),
        &Book::default(),
    );
    assert_eq!((s.totals.refused, s.untaken.len(), s.new_entries.len(), s.unknown_links.len()), (0, 0, 0, 0));
    assert_eq!((text(&r[0], field::C_NUMBER), text(&r[0], field::C_NAME)), ("Bluth Company", "Bluth Company"));
    assert_eq!(get(&r[0], field::C_INDUSTRY), get(&r[1], field::C_INDUSTRY));
    assert_eq!(get(&r[0], field::C_KIND), Some(&Value::Code(code::CUSTOMER_KIND_ORGANISATION)));
    assert_eq!(get(&r[0], field::C_WORKS_AT).and_then(Value::reference).map(StagedRef::of), Some(StagedRef::New(2)));
    assert_eq!(text(&r[2], field::C_CITY), "Philippines");
    assert_eq!(s.wanted_fields.iter().map(|w| w.ty).collect::<Vec<_>>(), ["int", "money", "int"]);
}

#[test]
fn products_and_teams_are_taken_whole() {
    let (s, r) = take_with(
        b"product,series,sales_price\nGTX Pro,GTX,4821\n",
        Kind::Product,
        &map(include_str!("../../../sample-data/maps/products.toml"), Kind::Product),
        &Book::default(),
    );
    assert_eq!((s.totals.refused, text(&r[0], field::P_NAME)), (0, "GTX Pro"));
    let csv = b"sales_agent,manager,regional_office\nAnna Snelling,Dustin Brinkmann,Central\nMoses Frase,Dustin Brinkmann,Central\n";
    let (s, r) = take_with(csv, Kind::Staff, &map(include_str!("../../../sample-data/maps/teams.toml"), Kind::Staff), &Book::default());
    assert_eq!(s.placeholders.iter().map(|p| (p.name.as_str(), p.count)).collect::<Vec<_>>(), [("Dustin Brinkmann", 2)]);
    assert_eq!(get(&r[1], field::S_LEADER).and_then(Value::reference).map(StagedRef::of), Some(StagedRef::Placeholder(0)));
}

#[test]
fn deals_keep_their_outcome_and_may_lack_an_account() {
    let csv = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\nZ063OYW0,Darcel Schlecht,GTXPro,Isdom,Won,2016-10-25,2017-03-11,4514\nX1,Darcel Schlecht,GTX Pro,,Engaging,2016-11-01,,\nX2,Moses Frase,GTX Pro,,Prospecting,,,\nX3,Moses Frase,GTX Pro,Isdom,Lost,2016-11-01,2017-01-01,0\n";
    let product = Record::new(Kind::Product, 2).with(field::P_NAME, txt("GTX Pro"));
    let book = Book::with([customer(1, "Isdom", "Isdom"), product]);
    let (s, r) = take_with(csv.as_bytes(), Kind::Deal, &map(include_str!("../../../sample-data/maps/pipeline.toml"), Kind::Deal), &book);
    assert_eq!((s.totals.refused, r.len()), (0, 4));
    let by = |n: &str| r.iter().find(|r| r.number == n).unwrap();
    assert_eq!(get(by("Z063OYW0"), field::D_PRODUCT), Some(&Value::Ref(2)));
    assert_eq!(get(by("Z063OYW0"), field::D_OUTCOME), Some(&Value::Code(code::DEAL_OUTCOME_WON)));
    assert_eq!(get(by("X3"), field::D_OUTCOME), Some(&Value::Code(code::DEAL_OUTCOME_LOST)));
    assert_eq!((get(by("X3"), field::D_STAGE), by("X1").customer.clone()), (None, CustomerRef::None));
    let mut made: Vec<&str> = s.placeholders.iter().map(|p| p.name.as_str()).collect();
    made.sort_unstable();
    assert_eq!(made, ["Darcel Schlecht", "Engaging", "Moses Frase", "Prospecting", "Sales"]);
}

#[test]
fn without_the_map_an_unknown_product_is_told_with_the_nearest() {
    let book = Book::with([Record::new(Kind::Product, 2).with(field::P_NAME, txt("GTX Pro"))]);
    let (s, _) = take("opportunity_id,product,deal_stage\nA,GTXPro,Won\n", Kind::Deal, &book);
    assert_eq!(s.placeholders[0].nearest.as_deref(), Some("GTX Pro"));
}
