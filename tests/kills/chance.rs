//! Reproducible chance, and how much of it is wanted.

/// SplitMix64 (Steele, Lea and Flood 2014): enough for choosing moments and sectors.
pub struct Chance(u64);

impl Chance {
    pub fn new() -> Chance {
        Chance(std::env::var("GUANXI_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(20_261_120))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    /// Between 0 and 1.
    pub fn share(&mut self) -> f64 {
        self.below(1 << 20) as f64 / f64::from(1 << 20)
    }
}

/// Is the long run wanted?
pub fn full() -> bool {
    std::env::var_os("GUANXI_FULL").is_some()
}
