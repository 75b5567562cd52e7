//! The kinds of record a book holds, and where each kind lives: with a customer, or by itself.

use serde::{Deserialize, Serialize};

/// A kind of record. The number is stored: never renumber, only add.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Kind {
    /// Anyone reachable, person or organisation, buyer or not.
    Customer = 1,
    /// A person of the business itself.
    Staff = 2,
    /// A thing sold.
    Product = 3,
    /// A marketing campaign.
    Campaign = 4,
    /// A trait mark that customers carry.
    Tag = 5,
    /// A field the business added (A4).
    CustomField = 6,
    /// An entry that the business added to one of its dictionaries.
    DictEntry = 7,
    /// A sales pipeline.
    Pipeline = 8,
    /// A stage of a pipeline.
    Stage = 9,
    /// An order with its lines; refunds are negative.
    Order = 20,
    /// Money received for an order.
    Payment = 21,
    /// A contract with a term.
    Contract = 22,
    /// A contact in either direction: call, visit, message (shown as a follow-up).
    Interaction = 23,
    /// A behaviour event.
    Event = 24,
    /// Something to do.
    Task = 25,
    /// A sales opportunity.
    Deal = 26,
    /// A deal's entry into a stage.
    StageVisit = 27,
    /// A complaint, question or service case.
    Ticket = 28,
    /// A customer's response to a campaign.
    Response = 29,
    /// A row of a member account: top-up, spend, bonus, expiry, refund.
    Ledger = 30,
    /// An edge of the social graph (D18).
    Edge = 31,
    /// A day's exposure and cost of a channel (A22); belongs to no customer.
    Spend = 32,
}

impl Kind {
    /// Every kind, in stored order.
    pub const ALL: [Kind; 22] = [
        Kind::Customer,
        Kind::Staff,
        Kind::Product,
        Kind::Campaign,
        Kind::Tag,
        Kind::CustomField,
        Kind::DictEntry,
        Kind::Pipeline,
        Kind::Stage,
        Kind::Order,
        Kind::Payment,
        Kind::Contract,
        Kind::Interaction,
        Kind::Event,
        Kind::Task,
        Kind::Deal,
        Kind::StageVisit,
        Kind::Ticket,
        Kind::Response,
        Kind::Ledger,
        Kind::Edge,
        Kind::Spend,
    ];

    /// The stored number back to the kind; `None` for a number this version does not know.
    pub fn from_code(code: u8) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| *k as u8 == code)
    }

    /// The stored number.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// True for rows of a customer's timeline (they live on pages by customer and moment); false for records that live by id.
    pub fn is_row(self) -> bool {
        self as u8 >= 20
    }

    /// True for the few, small kinds that every session keeps whole in memory (staff, products, tags, dictionaries ...).
    pub fn is_reference(self) -> bool {
        !self.is_row() && self != Kind::Customer
    }

    /// The word used for this kind on the command line and in files (`customers`, `orders`, ...).
    pub fn plural(self) -> &'static str {
        match self {
            Kind::Customer => "customers",
            Kind::Staff => "staff",
            Kind::Product => "products",
            Kind::Campaign => "campaigns",
            Kind::Tag => "tags",
            Kind::CustomField => "fields",
            Kind::DictEntry => "entries",
            Kind::Pipeline => "pipelines",
            Kind::Stage => "pipeline-stages",
            Kind::Order => "orders",
            Kind::Payment => "payments",
            Kind::Contract => "contracts",
            Kind::Interaction => "interactions",
            Kind::Event => "events",
            Kind::Task => "tasks",
            Kind::Deal => "deals",
            Kind::StageVisit => "stages",
            Kind::Ticket => "tickets",
            Kind::Response => "responses",
            Kind::Ledger => "ledger",
            Kind::Edge => "edges",
            Kind::Spend => "spend",
        }
    }

    /// The kind named by its plural; `None` when no kind has that name.
    pub fn from_plural(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.plural() == word)
    }
}
