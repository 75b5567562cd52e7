//! 256 bits: one per row of a page.

/// A set of rows of one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bits(pub(crate) [u64; 4]);

impl Bits {
    /// Is the row in?
    pub fn get(&self, row: u8) -> bool {
        self.0[usize::from(row >> 6)] >> (row & 63) & 1 == 1
    }
    /// Puts the row in or takes it out.
    pub fn set(&mut self, row: u8, on: bool) {
        let word = &mut self.0[usize::from(row >> 6)];
        let bit = 1u64 << (row & 63);
        if on { *word |= bit } else { *word &= !bit }
    }
    /// How many rows are in.
    pub fn count(&self) -> u32 {
        self.0.iter().map(|w| w.count_ones()).sum()
    }
    /// No row at all?
    pub fn is_empty(&self) -> bool {
        self.0 == [0; 4]
    }
    /// The rows in, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u8> + use<> {
        let words = self.0;
        (0..4u8).flat_map(move |w| {
            let mut left = words[usize::from(w)];
            std::iter::from_fn(move || {
                if left == 0 {
                    return None;
                }
                let bit = left.trailing_zeros() as u8;
                left &= left - 1;
                Some(w * 64 + bit)
            })
        })
    }
}
