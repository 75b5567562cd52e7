//! The stored form of a record: it comes back, it never panics, and it never changes (golden bytes).
#![allow(clippy::unwrap_used)]

use super::super::body::home_of;
use super::*;
use crate::domain::field::*;
use proptest::prelude::*;

fn moment() -> impl Strategy<Value = Moment> {
    (any::<i64>(), 0_u32..50, 0_u8..3).prop_map(|(ms, shift, p)| Moment { ms: ms >> shift, precision: precision_of(p) })
}

fn number() -> impl Strategy<Value = i64> {
    (any::<i64>(), 0_u32..64, prop::sample::select(vec![1_i64, 100, 10_000])).prop_map(|(n, shift, by)| (n >> shift) / by * by)
}

fn any_line() -> impl Strategy<Value = Line> {
    (0_u64..5, -3_i64..9, number(), prop::option::of(number()), 0_i64..3).prop_map(|(product, pieces, price, amount, cost)| {
        let (quantity, unit_price) = (Quantity::pieces(pieces), Money(price));
        let amount = amount.map(Money).or(quantity.times(unit_price)).unwrap_or_default();
        Line { product, quantity, unit_price, amount, cost: Money(cost) }
    })
}

fn any_value() -> impl Strategy<Value = Value> {
    let text = "[a-z\u{4e00}-\u{4e20}]{0,12}";
    let consent = (any::<u32>(), any::<bool>(), prop::option::of(any::<i32>()));
    prop_oneof![
        text.prop_map(Value::Text),
        number().prop_map(Value::Int),
        number().prop_map(|n| Value::Money(Money(n))),
        number().prop_map(|n| Value::Quantity(Quantity(n))),
        any::<i32>().prop_map(|d| Value::Day(Day(d))),
        moment().prop_map(Value::Moment),
        any::<bool>().prop_map(Value::Bool),
        (0_u32..20).prop_map(Value::Code),
        any::<u32>().prop_map(Value::Code),
        (0_u64..9).prop_map(Value::Ref),
        any::<u64>().prop_map(Value::Ref),
        prop::collection::vec(text, 0..4).prop_map(Value::Texts),
        prop::collection::vec(any::<u32>(), 0..4).prop_map(Value::Codes),
        prop::collection::vec(any::<u64>(), 0..4).prop_map(Value::Refs),
        prop::collection::vec(any_line(), 0..4).prop_map(Value::Lines),
        prop::collection::vec((text, text), 0..4).prop_map(Value::Props),
        prop::collection::vec(consent, 0..3).prop_map(|all| {
            Value::Consents(all.into_iter().map(|(channel, given, d)| Consent { channel, given, since: d.map(Day) }).collect())
        }),
    ]
}

fn any_record() -> impl Strategy<Value = Record> {
    let fields = prop::collection::btree_map(prop_oneof![0_u16..600, 1000_u16..1010, any::<u16>()], any_value(), 0..12);
    (prop::sample::select(Kind::ALL.to_vec()), any::<u64>(), fields, 0_u64..4, moment(), any::<i32>()).prop_map(
        |(kind, id, fields, c, m, d)| {
            let mut r = Record { kind, id, fields: fields.into_iter().map(|(f, v)| (FieldId(f), v)).collect() };
            if let Some(f) = customer_of(kind) {
                r.set(f, (c > 0).then_some(Value::Ref(c)));
            }
            if let Some(f) = moment_of(kind) {
                r.set(f, Some(if id % 2 == 0 { Value::Moment(m) } else { Value::Day(Day(d)) }));
            }
            r
        },
    )
}

proptest! {
    #[test]
    fn a_record_comes_back_as_it_was(record in any_record()) {
        let home = home_of(&record);
        let bytes = encode(&record, home);
        prop_assert_eq!(decode(record.kind, record.id, home, &bytes), Some(record));
    }

    #[test]
    fn no_bytes_make_the_decoder_panic_or_swell(record in any_record(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let home = home_of(&record);
        let mut bytes = encode(&record, home);
        if !bytes.is_empty() {
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if cut {
                bytes.truncate(at + 1);
            }
        }
        if let Some(read) = decode(record.kind, record.id, home, &bytes) {
            prop_assert!(read.fields.windows(2).all(|w| w[0].0 < w[1].0));
        }
    }
}

#[test]
fn a_record_never_begins_like_a_stub() {
    for code in 0..=255_u8 {
        let value = value(&mut Reader::new(&[0; 8]), code & 0x1f, Home::default());
        assert!(code & 0x1f != STUB || value.is_none());
    }
}

#[test]
fn fields_out_of_order_are_put_in_order() {
    let mut r = Record::new(Kind::Tag, 1);
    r.fields = vec![(G_GROUP, Value::Text("b".into())), (G_NAME, Value::Text("a".into()))];
    let back = decode(Kind::Tag, 1, Home::default(), &encode(&r, Home::default())).unwrap();
    assert_eq!(back, Record::new(Kind::Tag, 1).with(G_NAME, Value::Text("a".into())).with(G_GROUP, Value::Text("b".into())));
}

/// One record of every kind of value; invented people.
fn golden_records() -> Vec<Record> {
    let at = Moment::minute(1_763_600_400_000);
    let line = Line { product: 7, quantity: Quantity::pieces(2), unit_price: Money(998_000), amount: Money(1_996_000), cost: Money(0) };
    let reduced = Line { product: 0, quantity: Quantity(-5_000), unit_price: Money(12_345), amount: Money(-6_000), cost: Money(77) };
    let consent = Consent { channel: 3, given: true, since: Some(Day(20_000)) };
    let gone = Consent { channel: 9, given: false, since: None };
    vec![
        Record::new(Kind::Customer, 42)
            .with(C_NUMBER, Value::Text("C00042".into()))
            .with(C_NAME, Value::Text("例子三".into()))
            .with(C_BIRTH, Value::Day(Day(-3_000)))
            .with(C_PHONES, Value::Texts(vec!["+8615400006812".into(), "+8615400006813".into()]))
            .with(C_OWNER, Value::Ref(5))
            .with(C_WATCHERS, Value::Refs(vec![1, 300]))
            .with(C_FANS, Value::Int(-70_000))
            .with(C_ROLES, Value::Codes(vec![1, 2, 900]))
            .with(C_CONSENT, Value::Consents(vec![consent, gone]))
            .with(C_CREATED, Value::Moment(Moment::second(1_600_000_000_123)))
            .with(FieldId(1003), Value::Quantity(Quantity(15_000))),
        Record::new(Kind::Order, 5_000_000)
            .with(O_NUMBER, Value::Text("O05000000".into()))
            .with(O_CUSTOMER, Value::Ref(42))
            .with(O_AT, Value::Moment(at))
            .with(O_LINES, Value::Lines(vec![line, reduced]))
            .with(O_AMOUNT, Value::Money(Money(1_990_000)))
            .with(O_STATUS, Value::Code(2))
            .with(O_CHANNEL, Value::Code(11))
            .with(O_PAID, Value::Bool(true)),
        Record::new(Kind::Contract, 3)
            .with(K_CUSTOMER, Value::Ref(42))
            .with(K_START, Value::Day(Day(20_500)))
            .with(K_RENEWAL, Value::Bool(false)),
        Record::new(Kind::Event, 9)
            .with(E_AT, Value::Moment(Moment { ms: -1, precision: Precision::Day }))
            .with(E_PROPS, Value::Props(vec![("page".into(), "/prices".into())])),
    ]
}

#[test]
fn stored_bytes_of_schema_1_never_change() {
    let written: String = golden_records()
        .iter()
        .map(|r| {
            let bytes = encode(r, home_of(r));
            let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
            format!("{} {} {hex} {:032x}\n", r.kind.plural(), r.id, fingerprint(r.kind, r.id, home_of(r), &bytes))
        })
        .collect();
    assert_eq!(written, include_str!("golden/records-1.txt"));
}
