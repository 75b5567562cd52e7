//! What the benches share: a look at the machine before anything is claimed, quantiles, CPU time, and the cached book.
//!
//! A figure is a verdict only on a machine that does not stall: see [`Machine::measure`]. CPU time is the process's own,
//! threads that have ended included (`/proc/self/stat`, in ticks of 10 ms: good for sums, not for a single call).
#![allow(dead_code, clippy::print_stdout, clippy::unwrap_used, clippy::panic)]

pub mod book;
pub mod typing;

use std::time::{Duration, Instant};

/// A machine that stalls longer than this is noisy.
const STALL: Duration = Duration::from_millis(5);
/// `/proc/self/stat` counts in these (USER_HZ, which Linux fixes at 100).
const TICK_US: f64 = 10_000.0;

/// What the machine was like before the bench.
pub struct Machine {
    stall: Duration,
}

impl Machine {
    /// Spins 1,000 times for 1 ms; the 99th percentile of what was spent beyond is the stall.
    pub fn measure() -> Machine {
        let spin = Duration::from_millis(1);
        let mut stalls = Figures::default();
        for _ in 0..1000 {
            let began = Instant::now();
            while began.elapsed() < spin {
                std::hint::spin_loop();
            }
            stalls.add(began.elapsed().saturating_sub(spin));
        }
        let machine = Machine { stall: Duration::from_secs_f64(stalls.at(0.99) / 1e6) };
        let noisy = if machine.noisy() { ": noisy, no verdicts on time" } else { "" };
        println!("machine: 1,000 spins of 1 ms stall {:.2} ms at p99{noisy}", stalls.at(0.99) / 1e3);
        machine
    }

    fn noisy(&self) -> bool {
        self.stall > STALL
    }

    /// A figure of time that must not be above its budget.
    pub fn at_most(&self, what: &str, value: f64, budget: f64, unit: &str) {
        self.verdict(what, value, budget, unit, value <= budget);
    }

    /// A figure of speed that must not be below its budget.
    pub fn at_least(&self, what: &str, value: f64, budget: f64, unit: &str) {
        self.verdict(what, value, budget, unit, value >= budget);
    }

    fn verdict(&self, what: &str, value: f64, budget: f64, unit: &str, good: bool) {
        let said = if self.noisy() { "noisy" } else { word(good) };
        println!("  {what}: {} of {} {unit}: {said}", short(value), short(budget));
    }
}

/// A count that must hold on any machine.
pub fn count_at_most(what: &str, value: f64, budget: f64, unit: &str) {
    println!("  {what}: {} of {} {unit}: {}", short(value), short(budget), word(value <= budget));
}

fn word(good: bool) -> &'static str {
    if good { "met" } else { "MISSED" }
}

fn short(value: f64) -> String {
    if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// A row of measurements, in microseconds or in whatever was counted.
#[derive(Default, Clone)]
pub struct Figures(Vec<f64>);

impl Figures {
    /// Adds a time, as microseconds.
    pub fn add(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64() * 1e6);
    }

    /// Adds a count.
    pub fn count(&mut self, n: u64) {
        self.0.push(n as f64);
    }

    /// Takes another row in.
    pub fn join(&mut self, other: &Figures) {
        self.0.extend(&other.0);
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Nearest-rank quantile; 0 when there is nothing.
    pub fn at(&self, q: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (q * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
    }

    /// The mean; 0 when there is nothing.
    pub fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / (self.0.len().max(1) as f64)
    }

    /// As milliseconds: p50, p95, p99, the most.
    pub fn print_ms(&self, what: &str) {
        let [a, b, c, d] = [0.5, 0.95, 0.99, 1.0].map(|q| self.at(q) / 1e3);
        println!("  {what:<28} p50 {a:>8.3}  p95 {b:>8.3}  p99 {c:>8.3}  max {d:>8.3} ms  (n {})", self.len());
    }

    /// As whole numbers: p50, p95, p99, the most.
    pub fn print_count(&self, what: &str) {
        let [a, b, c, d] = [0.5, 0.95, 0.99, 1.0].map(|q| self.at(q));
        println!("  {what:<28} p50 {a:>8.0}  p95 {b:>8.0}  p99 {c:>8.0}  max {d:>8.0}  (n {})", self.len());
    }
}

/// CPU time of this process so far, in microseconds; see the head of this file for how fine it is.
pub fn cpu_us() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is the name in brackets, which may hold spaces; utime and stime are the 14th and 15th.
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 = after.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
    ticks as f64 * TICK_US
}

/// Wall and CPU time of a stretch of work.
pub struct Stretch {
    began: Instant,
    cpu: f64,
}

impl Stretch {
    /// From now on.
    pub fn start() -> Stretch {
        Stretch { began: Instant::now(), cpu: cpu_us() }
    }

    /// Seconds by the wall's clock.
    pub fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// Seconds of CPU.
    pub fn cpu_seconds(&self) -> f64 {
        (cpu_us() - self.cpu) / 1e6
    }
}

/// Bytes in MiB.
pub fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// What a child of this bench is to do; `None` in the bench itself.
pub fn errand() -> Option<String> {
    std::env::var("GUANXI_BENCH_ERRAND").ok()
}

/// Runs this bench anew in a process of its own and gives back the figures it printed as `name value` lines.
pub fn in_a_fresh_process(errand: &str, args: &[(&str, &str)]) -> std::collections::BTreeMap<String, f64> {
    let start = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_micros();
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.env("GUANXI_BENCH_ERRAND", errand).env("GUANXI_BENCH_START", start.to_string()).envs(args.iter().copied());
    let out = command.stderr(std::process::Stdio::inherit()).output().unwrap();
    assert!(out.status.success(), "the errand {errand} failed");
    let text = String::from_utf8(out.stdout).unwrap();
    let pairs = text.lines().filter_map(|l| l.rsplit_once(' ')).filter_map(|(k, v)| Some((k.to_string(), v.parse().ok()?)));
    pairs.collect()
}

/// In a child: microseconds since its parent asked for it, so that loading the programme counts.
pub fn since_start_us() -> f64 {
    let start: u128 = std::env::var("GUANXI_BENCH_START").ok().and_then(|t| t.parse().ok()).unwrap_or(0);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_micros();
    now.saturating_sub(start) as f64
}

/// Splitmix64 (Steele, Lea & Flood 2014): the benches' own chance, the same on every machine.
pub struct Chance(pub u64);

impl Chance {
    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 0 .. below.
    pub fn below(&mut self, below: u64) -> u64 {
        self.draw() % below.max(1)
    }

    /// In another order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i as u64 + 1) as usize);
        }
    }
}
