//! One record as bytes: a header of 128 bytes, then the body. All numbers are little-endian.
//!
//! | at | bytes | what |
//! |---|---|---|
//! | 0 | 4 | length of header and body; zero ends the log |
//! | 4 | 4 | CRC32C (Castagnoli) of the length and everything after the sum |
//! | 8 | 8 | seq |
//! | 16 | 8 | wall clock, UTC milliseconds |
//! | 24 | 8 | staff id |
//! | 32 | 8 | session |
//! | 40 | 16 | op id |
//! | 56 | 4 | unsynced: this record and those before it that no sync had covered when it was written |
//! | 60 | 1 + 1 + 2 | kind, schema, flags |
//! | 64 | 16 | salt |
//! | 80 | 32 | commitment H = BLAKE3(salt, body) |
//! | 112 | 16 | chain = first 16 bytes of BLAKE3(previous chain, length, bytes 8..64, H) |
//! | 128 | | body |
//!
//! The chain covers the commitment and not the body, so that an erasure can blank body and salt, keep H, and still verify.

use super::body::Packed;
use crate::domain::Seq;

/// Bytes before the body.
pub const RECORD_HEADER: usize = 128;
/// The longest record, header and body, in bytes.
pub const MAX_RECORD: usize = 512 * 1024;
/// A record starts at a multiple of this.
pub(super) const ALIGN: u64 = 8;
/// A commit starts at a multiple of this.
pub(super) const SECTOR: u64 = 512;

/// Set when body and salt were blanked by an erasure; the chain is made as if it were not set.
pub(super) const ERASED: u16 = 1 << 15;

/// The head of the chain after a record.
pub(super) type Chain = [u8; 16];

/// Where the salts of records come from: random bytes in the product, a fixed series in tests.
pub trait Salts: Send {
    /// Sixteen bytes that nobody can guess.
    fn salt(&mut self) -> [u8; 16];
}

impl<F: FnMut() -> [u8; 16] + Send> Salts for F {
    fn salt(&mut self) -> [u8; 16] {
        self()
    }
}

/// What stands in a record beside its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub seq: Seq,
    pub wall_ms: i64,
    pub staff: u64,
    pub session: u64,
    pub op_id: u128,
    pub unsynced: u32,
    pub salt: [u8; 16],
}

/// A record read back; its body is still packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    pub head: Head,
    pub packed: Packed,
    pub commitment: [u8; 32],
    pub chain: Chain,
}

impl Frame {
    /// The last record that a sync had covered when this one was written.
    pub(super) fn safe_before(&self) -> Seq {
        self.head.seq.saturating_sub(u64::from(self.head.unsynced))
    }
}

/// Appends a record to `out`, padded to the next multiple of eight; gives the chain after it.
pub(super) fn write(out: &mut Vec<u8>, head: &Head, packed: &Packed, previous: &Chain) -> Chain {
    let start = out.len();
    let length = u32::try_from(RECORD_HEADER + packed.bytes.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    let covered = covered(head, packed);
    out.extend_from_slice(&covered);
    out.extend_from_slice(&head.salt);
    let commitment = commitment(&head.salt, &packed.bytes);
    out.extend_from_slice(&commitment);
    let chain = link(previous, length, &covered, &commitment);
    out.extend_from_slice(&chain);
    out.extend_from_slice(&packed.bytes);
    if let Some(record) = out.get_mut(start..) {
        let sum = sum(record).to_le_bytes();
        record.iter_mut().skip(4).zip(sum).for_each(|(at, byte)| *at = byte);
    }
    out.resize(out.len().next_multiple_of(ALIGN as usize), 0);
    chain
}

/// Reads the record at the start of `bytes` if its length, sum and commitment hold; the chain is the caller's to check.
pub(super) fn read(bytes: &[u8]) -> Result<(Frame, usize), &'static str> {
    let length = length(bytes).ok_or("the length is cut off")? as usize;
    if !(RECORD_HEADER..=MAX_RECORD).contains(&length) {
        return Err("the length is impossible");
    }
    let record = bytes.get(..length).ok_or("the record is cut off")?;
    let mut fields = Fields(record.get(4..).unwrap_or_default());
    if u32::from_le_bytes(fields.take()) != sum(record) {
        return Err("the checksum is wrong");
    }
    let (seq, wall_ms) = (u64::from_le_bytes(fields.take()), i64::from_le_bytes(fields.take()));
    let (staff, session) = (u64::from_le_bytes(fields.take()), u64::from_le_bytes(fields.take()));
    let (op_id, unsynced) = (u128::from_le_bytes(fields.take()), u32::from_le_bytes(fields.take()));
    let ([kind], [schema], flags) = (fields.take(), fields.take(), u16::from_le_bytes(fields.take()));
    let (salt, commitment, chain) = (fields.take(), fields.take(), fields.take());
    let body = fields.0.to_vec();
    if flags & ERASED == 0 && self::commitment(&salt, &body) != commitment {
        return Err("the body is not the one committed to");
    }
    let head = Head { seq, wall_ms, staff, session, op_id, unsynced, salt };
    Ok((Frame { head, packed: Packed { kind, schema, flags, bytes: body }, commitment, chain }, length))
}

/// The length word at the start of `bytes`.
pub(super) fn length(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().map(|word| u32::from_le_bytes(*word))
}

/// True when the frame's chain follows from the one before.
pub(super) fn follows(frame: &Frame, previous: &Chain) -> bool {
    let length = u32::try_from(RECORD_HEADER + frame.packed.bytes.len()).unwrap_or(u32::MAX);
    link(previous, length, &covered(&frame.head, &frame.packed), &frame.commitment) == frame.chain
}

fn covered(head: &Head, packed: &Packed) -> [u8; 56] {
    let mut bytes = [0; 56];
    let fields = [
        &head.seq.to_le_bytes()[..],
        &head.wall_ms.to_le_bytes(),
        &head.staff.to_le_bytes(),
        &head.session.to_le_bytes(),
        &head.op_id.to_le_bytes(),
        &head.unsynced.to_le_bytes(),
        &[packed.kind, packed.schema],
        &packed.flags.to_le_bytes(),
    ];
    bytes.iter_mut().zip(fields.into_iter().flatten()).for_each(|(at, byte)| *at = *byte);
    bytes
}

fn link(previous: &Chain, length: u32, covered: &[u8; 56], commitment: &[u8; 32]) -> Chain {
    let mut covered = *covered;
    if let Some([low, high]) = covered.last_chunk_mut::<2>() {
        let flags = u16::from_le_bytes([*low, *high]) & !ERASED;
        [*low, *high] = flags.to_le_bytes();
    }
    let mut hash = blake3::Hasher::new();
    hash.update(previous).update(&length.to_le_bytes()).update(&covered).update(commitment);
    short(hash.finalize().as_bytes())
}

pub(super) fn short(hash: &[u8; 32]) -> Chain {
    hash.first_chunk().copied().unwrap_or_default()
}

fn commitment(salt: &[u8; 16], body: &[u8]) -> [u8; 32] {
    *blake3::Hasher::new().update(salt).update(body).finalize().as_bytes()
}

fn sum(record: &[u8]) -> u32 {
    let head = crc32c::crc32c(record.get(..4).unwrap_or_default());
    crc32c::crc32c_append(head, record.get(8..).unwrap_or_default())
}

struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        match self.0.split_first_chunk() {
            Some((field, rest)) => {
                self.0 = rest;
                *field
            }
            None => [0; N],
        }
    }
}
