//! Laws of bodies: what is packed is unpacked, and any bytes at all give a body or an error.

use super::*;
use crate::domain::value::Consent;
use crate::domain::{FieldId, Line, Moment, Money, Precision, Quantity};
use proptest::prelude::*;

fn number() -> impl Strategy<Value = i64> {
    prop_oneof![any::<i64>(), -50..50_i64, (-1_000_000..1_000_000_i64).prop_map(|n| n * 10_000), Just(i64::MIN), Just(i64::MAX)]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{0,3}", "O00[0-9]{4}", "[张三丰云南é🙂]{0,4}"]
}

fn moment() -> impl Strategy<Value = Moment> {
    (number(), prop_oneof![Just(Precision::Day), Just(Precision::Minute), Just(Precision::Second)])
        .prop_map(|(ms, precision)| Moment { ms, precision })
}

fn line() -> impl Strategy<Value = Line> {
    (any::<u64>(), number(), number(), number(), number(), any::<bool>()).prop_map(|(product, q, p, a, c, full)| {
        let (quantity, unit_price) = (Quantity(q), Money(p));
        let amount = if full { quantity.times(unit_price).unwrap_or_default() } else { Money(a) };
        Line { product, quantity, unit_price, amount, cost: Money(c) }
    })
}

fn value() -> impl Strategy<Value = Value> {
    let consent = (any::<u32>(), any::<bool>(), proptest::option::of(any::<i32>().prop_map(Day)))
        .prop_map(|(channel, given, since)| Consent { channel, given, since });
    prop_oneof![
        text().prop_map(Value::Text),
        number().prop_map(Value::Int),
        number().prop_map(|n| Value::Money(Money(n))),
        number().prop_map(|n| Value::Quantity(Quantity(n))),
        any::<i32>().prop_map(|n| Value::Day(Day(n))),
        moment().prop_map(Value::Moment),
        any::<bool>().prop_map(Value::Bool),
        any::<u32>().prop_map(Value::Code),
        any::<u64>().prop_map(Value::Ref),
        proptest::collection::vec(text(), 0..3).prop_map(Value::Texts),
        proptest::collection::vec(any::<u32>(), 0..3).prop_map(Value::Codes),
        proptest::collection::vec(any::<u64>(), 0..3).prop_map(Value::Refs),
        proptest::collection::vec(line(), 0..3).prop_map(Value::Lines),
        proptest::collection::vec((text(), text()), 0..3).prop_map(Value::Props),
        proptest::collection::vec(consent, 0..3).prop_map(Value::Consents),
    ]
}

fn record() -> impl Strategy<Value = Record> {
    let kind = prop_oneof![Just(Kind::Customer), Just(Kind::Order), Just(Kind::Event)];
    // Fields in any order and with repeats too: such records must come back as they were.
    let fields = proptest::collection::vec((0..6_u16, value()), 0..5);
    (kind, any::<u64>(), fields, any::<bool>()).prop_map(|(kind, id, mut fields, sorted)| {
        if sorted {
            fields.sort_by_key(|(f, _)| *f);
            fields.dedup_by_key(|(f, _)| *f);
        }
        Record { kind, id, fields: fields.into_iter().map(|(f, v)| (FieldId(f), v)).collect() }
    })
}

fn op() -> impl Strategy<Value = Op> {
    let home = (any::<u32>(), number()).prop_map(|(customer, at)| Home { customer, at });
    let option = || proptest::option::of(value());
    let set = (any::<u64>(), home, 0..3_u16, option(), option()).prop_map(|(id, home, field, before, after)| Op::Set {
        kind: Kind::Task,
        id,
        home,
        field: FieldId(field),
        before,
        after,
    });
    let mark = (any::<u64>(), any::<bool>(), proptest::collection::vec(any::<u32>(), 0..4)).prop_map(|(tag, on, rows)| Op::Mark {
        tag,
        on,
        rows: RowSet::from_iter(rows),
    });
    prop_oneof![4 => record().prop_map(Op::New), 2 => set, 1 => record().prop_map(Op::Gone), 1 => mark]
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    proptest::collection::vec(op(), 0..20)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn frames_come_back_as_they_were_packed(ops in ops(), batch in any::<u64>(), index in any::<u32>()) {
        let mut builder = FrameBuilder::new();
        for op in &ops {
            prop_assert!(builder.push(op));
        }
        let bound = builder.size() + 64;
        prop_assert_eq!(builder.len(), ops.len());
        let body = Body::BatchFrame { batch, index, ops };
        let packed = builder.finish(batch, index).unwrap();
        prop_assert!(packed.size() <= bound, "{} bytes, estimated {}", packed.size(), bound);
        prop_assert_eq!(Body::unpack(&packed).unwrap(), body);
    }

    #[test]
    fn changes_come_back_as_they_were_packed(ops in ops(), verb in text(), of in any::<u64>(), redo in any::<bool>()) {
        let change = Body::Change { verb: verb.clone(), os_user: verb.clone(), ops: ops.clone() };
        prop_assert_eq!(Body::unpack(&change.pack().unwrap()).unwrap(), change);
        let undo = Body::Undo { of, redo, os_user: verb, ops };
        prop_assert_eq!(Body::unpack(&undo.pack().unwrap()).unwrap(), undo);
    }

    #[test]
    fn any_bytes_give_a_body_or_an_error(kind in 0..12_u8, flags in 0..3_u16, bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Body::unpack(&Packed { kind, schema: 1, flags, bytes });
    }

    #[test]
    fn damaged_bodies_give_a_body_or_an_error(ops in ops(), at in any::<usize>(), byte in any::<u8>(), framed in any::<bool>()) {
        let body = if framed {
            Body::BatchFrame { batch: 1, index: 1, ops }
        } else {
            Body::Change { verb: String::new(), os_user: String::new(), ops }
        };
        let mut packed = body.pack().unwrap();
        let at = at % packed.bytes.len();
        packed.bytes[at] = byte;
        let _ = Body::unpack(&packed);
        packed.bytes.truncate(at);
        let _ = Body::unpack(&packed);
    }
}

#[test]
fn every_kind_of_body_comes_back_as_it_was_packed() {
    let all = bodies();
    for (body, kind) in all.iter().zip(1..) {
        assert_eq!(body.kind(), kind);
        assert_eq!(Body::unpack(&body.pack().unwrap()).as_ref(), Ok(body));
    }
    assert_eq!(all.len(), 10);
}

#[test]
fn half_a_million_tags_are_one_record_of_at_most_130_kb() {
    let rows = RowSet::from_iter((0..1_000_000).step_by(2));
    let ops = vec![Op::Mark { tag: 1, on: true, rows }];
    let packed = Body::Change { verb: "tag".into(), os_user: "shen".into(), ops }.pack().unwrap();
    assert!(packed.size() <= 130_000, "{}", packed.size());
    let some = RowSet::from_iter((0..1_000_000_u32).filter(|id| id.wrapping_mul(2_654_435_761) >> 31 == 1));
    let ops = vec![Op::Mark { tag: 1, on: true, rows: some }];
    let packed = Body::Change { verb: "tag".into(), os_user: "shen".into(), ops }.pack().unwrap();
    assert!(packed.size() <= 135_000, "{}", packed.size());
}

#[test]
fn a_full_frame_fits_a_record_whatever_is_in_it() {
    let mut state = 9_u64;
    let mut noise = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state
    };
    let mut builder = FrameBuilder::new();
    let mut frames = 0;
    while frames < 3 {
        let text: String = (0..40).map(|_| char::from(b' ' + (noise() >> 58) as u8)).collect();
        let record = Record::new(Kind::Order, noise()).with(FieldId(1), Value::Text(text)).with(FieldId(2), Value::Ref(noise()));
        if !builder.push(&Op::New(record)) {
            assert!(builder.size() > FRAME_BUDGET * 9 / 10, "cut too early: {}", builder.size());
            let packed = builder.finish(1, frames).unwrap();
            assert!(packed.size() + RECORD_HEADER <= MAX_RECORD);
            frames += 1;
        }
    }
}
