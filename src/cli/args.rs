//! The command line's grammar. What each command does is in the file of its name beside this one.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// A customer-relationship workbench in the terminal.
#[derive(Debug, Parser)]
#[command(name = "guanxi", version, about, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    /// Options that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// The command; none opens the workbench.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// The book: its folder (default: the platform's data folder)
    #[arg(long, global = true, value_name = "DIR", env = "GUANXI_DATA")]
    pub data: Option<PathBuf>,
    /// Now is noon of that day, also for what is written
    #[arg(long, global = true, value_name = "YYYY-MM-DD")]
    pub today: Option<String>,
    /// The zone of a book that is made now (default: the system's)
    #[arg(long, global = true, value_name = "IANA")]
    pub zone: Option<String>,
    /// The currency of a book that is made now (default: by the zone)
    #[arg(long, global = true, value_name = "ISO")]
    pub currency: Option<String>,
    /// Language of the words
    #[arg(long, global = true, value_enum, value_name = "LANG")]
    pub lang: Option<LangArg>,
    /// The acting staff member, by name
    #[arg(long = "as", global = true, value_name = "NAME")]
    pub acting: Option<String>,
    /// Answer yes to questions
    #[arg(long, global = true)]
    pub yes: bool,
    /// One JSON document with stable keys
    #[arg(long, global = true)]
    pub json: bool,
    /// Lists as JSON Lines
    #[arg(long, global = true)]
    pub jsonl: bool,
    /// Without colours
    #[arg(long, global = true)]
    pub no_color: bool,
}

/// Languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    /// English
    #[value(name = "en")]
    En,
    /// Simplified Chinese
    #[value(name = "zh-CN", alias = "zh")]
    Zh,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open the workbench on the sample business, on its own day
    Demo {
        /// Keep the demo's book in this folder
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
        /// Shift the sample to the present
        #[arg(long)]
        now: bool,
    },
    /// Fill a new book with a reproducible synthetic business
    Generate(Generate),
    /// Take in a file: staged, atomic, undoable
    Import(Import),
    /// Write records out as CSV or JSON Lines
    Export(Export),
    /// The search box
    Find {
        /// Number, name, pinyin, phone part, e-mail, company, tag, #order
        #[arg(required = true, value_name = "WORDS")]
        words: Vec<String>,
        /// At most so many
        #[arg(long, default_value_t = 20, value_name = "N")]
        limit: usize,
    },
    /// The 360° profile of a customer
    Show {
        /// Number, phone, e-mail or unique name
        customer: String,
    },
    /// Log a follow-up and the next step
    Log(Log),
    /// What changed, newest first
    History {
        /// Only this customer's
        customer: Option<String>,
        /// At most so many
        #[arg(long, default_value_t = 30, value_name = "N")]
        limit: usize,
    },
    /// Take back the last change, or the change of that number
    Undo {
        /// The number shown by `history`
        seq: Option<u64>,
    },
    /// Do again what was last taken back
    Redo,
    /// Check the journal; with --deep also that the store says the same
    Verify {
        /// Also fold the journal anew and compare
        #[arg(long)]
        deep: bool,
        /// A backup file rather than the book
        #[arg(value_name = "BACKUP")]
        backup: Option<PathBuf>,
    },
    /// How the book is, in words and numbers; changes nothing
    Doctor {
        /// Work counters
        #[arg(long)]
        counters: bool,
    },
    /// Make the store and the columns anew from the journal
    Rebuild,
    /// Write a backup while the book is in use
    Backup {
        /// The backup file
        file: PathBuf,
    },
    /// Make a book from a backup
    Restore {
        /// The backup file
        file: PathBuf,
        /// The new book's folder
        #[arg(long, value_name = "DIR")]
        dir: PathBuf,
    },
    /// The manual: keys, commands, fields, formats
    Help {
        /// keys, commands, fields or formats
        topic: Option<String>,
    },
    /// Drive the workbench with a key string and print the screen
    Play(Play),
}

/// `generate`.
#[derive(Debug, Args)]
pub struct Generate {
    /// The new book's folder
    pub dir: PathBuf,
    /// Customers
    #[arg(long, default_value_t = 10_000, value_name = "N")]
    pub customers: u32,
    /// Orders (default: 5 per customer)
    #[arg(long, value_name = "N")]
    pub orders: Option<u64>,
    /// Follow-ups (default: 3 per customer)
    #[arg(long, value_name = "N")]
    pub interactions: Option<u64>,
    /// Behaviour events (default: 2 per customer)
    #[arg(long, value_name = "N")]
    pub events: Option<u64>,
    /// Deals (default: 1 per 20 customers)
    #[arg(long, value_name = "N")]
    pub deals: Option<u64>,
    /// Same seed, same numbers
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub seed: u64,
}

/// `import`.
#[derive(Debug, Args)]
pub struct Import {
    /// customers, products, staff, orders, payments, contracts, interactions, events, tasks, deals, stages, tickets, campaigns, responses, spend, ledger, edges
    pub kind: String,
    /// The file, or - for standard input
    pub file: PathBuf,
    /// A map of theirs to ours
    #[arg(long, value_name = "MAP.toml")]
    pub map: Option<PathBuf>,
    /// The field that tells records apart (default: number)
    #[arg(long, value_name = "FIELD")]
    pub key: Option<String>,
    /// What to do with a record that is there already
    #[arg(long, value_enum, default_value_t = OnMatchArg::Update, value_name = "WHAT")]
    pub on_match: OnMatchArg,
    /// Make customers that rows name and nobody has
    #[arg(long, value_name = "customers")]
    pub create: Option<String>,
    /// Take values that are in no dictionary yet
    #[arg(long)]
    pub new_values: bool,
    /// Keep untaken columns as custom fields: all, or those named
    #[arg(long, num_args = 0..=1, default_missing_value = "*", require_equals = true, value_name = "a,b")]
    pub custom: Option<String>,
    /// Check everything, write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Where refused rows go, with line and reason
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
}

/// What to do with a record that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OnMatchArg {
    /// Take the file's fields
    Update,
    /// Leave it
    Skip,
    /// Add another one
    Add,
}

/// `export`.
#[derive(Debug, Args)]
pub struct Export {
    /// The kind of records
    pub kind: String,
    /// Only these columns
    #[arg(long, value_delimiter = ',', value_name = "a,b")]
    pub fields: Vec<String>,
    /// csv or jsonl
    #[arg(long, default_value = "csv", value_name = "FORMAT")]
    pub format: String,
    /// The file (default: standard output)
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `log`.
#[derive(Debug, Args)]
pub struct Log {
    /// Number, phone, e-mail or unique name
    pub customer: String,
    /// call, wechat, visit, email ...
    #[arg(long, default_value = "call", value_name = "CHANNEL")]
    pub channel: String,
    /// answered, no_answer, interested ...
    #[arg(long, value_name = "OUTCOME")]
    pub outcome: Option<String>,
    /// out or in
    #[arg(long, default_value = "out", value_name = "out|in")]
    pub direction: String,
    /// What was said
    #[arg(long, default_value = "", value_name = "TEXT")]
    pub note: String,
    /// When it happened (default: now)
    #[arg(long, value_name = "WHEN")]
    pub at: Option<String>,
    /// The next step: 3d, fri, 12-05, 下周一
    #[arg(long, value_name = "WHEN")]
    pub next: Option<String>,
}

/// `play`.
#[derive(Debug, Args)]
pub struct Play {
    /// Keys, as `zsf<tab>lca+spoke<tab>3d<enter>`
    pub keys: String,
    /// Columns x rows
    #[arg(long, default_value = "80x24", value_name = "WxH")]
    pub size: String,
    /// Print the screen at the end
    #[arg(long)]
    pub print: bool,
    /// On the sample business rather than a book
    #[arg(long)]
    pub demo: bool,
}
