//! Which encoding a file is in, and where its columns are cut: decided on a sample, never by force.

use encoding_rs::{CoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// What the first bytes say about the encoding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Detected {
    /// The encoding.
    pub encoding: &'static Encoding,
    /// Bytes of the byte-order mark, to be skipped.
    pub skip: usize,
    /// False when nothing proves it (only ASCII so far): look again at the next bytes that are not ASCII.
    pub sure: bool,
    /// True when it is neither clean UTF-8 nor marked: people should be told what was chosen.
    pub guessed: bool,
}

/// Looks at the first bytes of a file (64 KiB or more; all of it when it is shorter).
pub(super) fn detect(sample: &[u8], whole: bool) -> Detected {
    let found = |encoding, skip, guessed| Detected { encoding, skip, sure: true, guessed };
    if let Some((encoding, skip)) = Encoding::for_bom(sample) {
        return found(encoding, skip, false);
    }
    if let Some(encoding) = wide(sample) {
        return found(encoding, 0, true);
    }
    if sample.is_ascii() {
        return Detected { encoding: UTF_8, skip: 0, sure: false, guessed: false };
    }
    let (utf8, gbk) = (errors(sample, UTF_8, whole), errors(sample, GB18030, whole));
    match (utf8, gbk) {
        (0, _) => found(UTF_8, 0, false),
        (_, 0) => found(GB18030, 0, true),
        // Both are broken somewhere: the one that is broken less, and its broken cells are refused one by one.
        (u, g) if u <= g => found(UTF_8, 0, true),
        _ => found(GB18030, 0, true),
    }
}

/// UTF-16 without a mark shows as zero bytes at every second place.
fn wide(sample: &[u8]) -> Option<&'static Encoding> {
    let pairs = sample.len() / 2;
    if pairs < 4 {
        return None;
    }
    let zeros = |at: usize| sample.chunks_exact(2).filter(|p| p.get(at) == Some(&0)).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 10 >= pairs * 3 && even * 20 < pairs {
        return Some(UTF_16LE);
    }
    (even * 10 >= pairs * 3 && odd * 20 < pairs).then_some(UTF_16BE)
}

/// How many malformed sequences a sample has in an encoding; a sequence cut off at the end is none unless it is all there is.
fn errors(sample: &[u8], encoding: &'static Encoding, whole: bool) -> usize {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = vec![0u8; 16 * 1024];
    let (mut rest, mut broken) = (sample, 0);
    loop {
        let (result, read, _) = decoder.decode_to_utf8_without_replacement(rest, &mut out, whole);
        rest = rest.get(read..).unwrap_or_default();
        match result {
            encoding_rs::DecoderResult::InputEmpty => return broken,
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::Malformed(..) => broken += 1,
        }
    }
}

/// Turns bytes of another encoding into UTF-8 at the end of `out`; a malformed sequence becomes U+FFFD.
pub(super) fn decode_into(decoder: &mut encoding_rs::Decoder, input: &[u8], last: bool, out: &mut Vec<u8>) {
    let mut rest = input;
    loop {
        let old = out.len();
        let room = decoder.max_utf8_buffer_length(rest.len()).unwrap_or(rest.len().saturating_mul(3)).saturating_add(16);
        out.resize(old.saturating_add(room), 0);
        let (result, read, written, _) = decoder.decode_to_utf8(rest, out.get_mut(old..).unwrap_or_default(), last);
        out.truncate(old.saturating_add(written));
        rest = rest.get(read..).unwrap_or_default();
        if result == CoderResult::InputEmpty {
            return;
        }
    }
}

/// The delimiter of a file: the one of `,` `;` tab `|` that cuts its first lines most and most evenly.
pub(super) fn delimiter(sample: &[u8]) -> u8 {
    let counts = |d: u8| -> Vec<usize> {
        let mut quoted = false;
        let mut lines = vec![0usize];
        for &b in sample.iter().take(64 * 1024) {
            match b {
                b'"' => quoted = !quoted,
                b'\n' if !quoted => {
                    if lines.len() >= 50 {
                        break;
                    }
                    lines.push(0);
                }
                _ if b == d && !quoted => {
                    if let Some(n) = lines.last_mut() {
                        *n += 1;
                    }
                }
                _ => {}
            }
        }
        lines
    };
    let score = |d: u8| {
        let lines = counts(d);
        let head = lines.first().copied().unwrap_or(0);
        let same = lines.iter().filter(|n| **n == head).count();
        // The head decides; lines cut alike speak for it.
        (usize::from(head > 0) * same.min(10), head)
    };
    [b',', b';', b'\t', b'|'].into_iter().rev().max_by_key(|d| score(*d)).filter(|d| score(*d).1 > 0).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_is_told_by_its_bytes() {
        let text = "编号,姓名,城市\nC1,许清越,杭州\nC2,沈知微,上海\n";
        let gbk = GB18030.encode(text).0;
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let ascii_le: Vec<u8> = "number,name\nC1,Ann Sample\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let ascii_be: Vec<u8> = "number,name\nC1,Ann Sample\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked_le = [vec![0xFF, 0xFE], le].concat();
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), UTF_8),
            (gbk.to_vec(), GB18030),
            (marked_le, UTF_16LE),
            (ascii_le, UTF_16LE),
            (ascii_be, UTF_16BE),
            ([&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat(), UTF_8),
        ] {
            assert_eq!(detect(&bytes, true).encoding, encoding);
        }
        assert!(!detect(b"a,b\n1,2\n", true).sure);
        // UTF-8 with one broken byte stays UTF-8.
        let mut broken = text.as_bytes().to_vec();
        broken.push(0xFF);
        assert_eq!(detect(&broken, true).encoding, UTF_8);
    }

    #[test]
    fn the_delimiter_is_the_one_that_cuts_the_lines_alike() {
        for (text, d) in [
            ("a,b,c\n1,2,3\n", b','),
            ("a;b;c\n1,5;2;3\n", b';'),
            ("a\tb\n1,2\t3\n", b'\t'),
            ("a|b|c\n1|2|3\n", b'|'),
            ("name\nAnn\n", b','),
            ("\"a;x\",b\n1,2\n", b','),
        ] {
            assert_eq!(delimiter(text.as_bytes()) as char, d as char, "{text}");
        }
    }
}
