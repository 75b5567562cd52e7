//! What bars a way to somebody is never taken back by undo, of a change or of a whole import; and what an undone import
//! says of itself.

use super::book::{Book, same};
use guanxi::domain::{Kind, field};
use guanxi::ops::request::Request;

#[test]
fn taking_an_import_back_lifts_no_do_not_contact_and_gives_no_consent_again() {
    let book = Book::new();
    book.import(Kind::Customer, "number,name,city,consent\nC1,许清越,杭州,wechat\nC2,单雨桐,成都,\n").unwrap();
    let update = "number,city,do_not_contact,consent\nC1,上海,call,wechat::withdrawn\nC2,重庆,sms,\n";
    assert_eq!(book.import(Kind::Customer, update).unwrap().rows.updated, 2);
    let saved = book.save(Request::Undo { seq: None }).unwrap();
    assert_eq!(saved.what.arg("kept"), "3", "{:?}", saved.what);
    for (name, barred) in [("许清越", "call"), ("单雨桐", "sms")] {
        let customer = book.find(name).hits[0].card.id;
        let record = book.profile(customer).card.record;
        assert_ne!(record.text(field::C_CITY), "上海");
        assert_eq!(record.get(field::C_DNC).map(|v| v.codes().len()), Some(1), "{name} is not to be contacted by {barred}");
        assert!(record.get(field::C_CONSENT).is_none_or(|v| v.consents().iter().all(|c| !c.given)), "{name}");
    }
}

#[test]
fn an_import_of_small_records_that_is_taken_back_says_how_many_went() {
    let book = Book::new();
    let before = book.everything();
    book.import(Kind::Product, "sku,name,price\nDB-1,云谷,48\nDB-2,山岚,88\n").unwrap();
    let saved = book.save(Request::Undo { seq: None }).unwrap();
    assert_eq!((saved.what.arg("taken"), saved.what.arg("kept")), ("2", "0"), "{:?}", saved.what);
    same(&book.everything(), &before, "the book");
}
