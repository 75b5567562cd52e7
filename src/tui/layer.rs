//! A layer: a popup, the help, the palette ... It hears keys before what lies under it, and talks to the rest only
//! through [`Cx`]: orders that the workbench carries out when the layer has finished.

use super::{canvas::Canvas, effect::Ticket, entry::Stroke, theme::Role, view::View};
use crate::{
    command::{Call, Conditions, Here, Scope},
    domain::CustomerId,
    ops::request::{Refusal, Reply, Request},
};
use ratatui::layout::{Position, Rect};

/// Did a part of the screen take what it was offered?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Yes: nobody else hears it.
    Yes,
    /// No.
    No,
}

/// A line that stays a moment in the status line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// What kind of news: good, a warning, bad.
    pub role: Role,
    /// The sentence.
    pub text: String,
    /// It offers the key that takes the change back.
    pub undo: bool,
}

/// What a part of the screen wants done.
#[derive(Debug)]
pub enum Order {
    /// Take the layer that is speaking away.
    Close,
    /// Say something.
    Say(Toast),
    /// Run a command.
    Run(Call),
    /// Order a change; the layer that is speaking goes, and comes back with the reason if the change is refused.
    Write(Request),
    /// Ask something whose answer this layer waits for.
    Ask(Request),
    /// Open this customer's profile.
    Show(CustomerId),
    /// Keep what was begun in the log popup of this customer; `None` = nothing is left to keep.
    Keep(CustomerId, Option<Box<super::log::Draft>>),
}

/// What a layer may look at and order.
#[derive(Debug)]
pub struct Cx<'a> {
    /// What is known.
    pub view: View<'a>,
    pub(super) orders: Vec<Order>,
}

impl<'a> Cx<'a> {
    pub(super) fn new(view: View<'a>) -> Cx<'a> {
        Cx { view, orders: Vec::new() }
    }
    /// Gives an order.
    pub fn order(&mut self, order: Order) {
        self.orders.push(order);
    }
    /// Takes the speaking layer away.
    pub fn close(&mut self) {
        self.orders.push(Order::Close);
    }
}

/// A layer over the panes.
pub trait Layer: Send + std::fmt::Debug {
    /// Where its keys are looked up.
    fn scope(&self) -> Scope;
    /// What holds while it is on top, on what held under it.
    fn holds(&self, under: Conditions) -> Conditions {
        under
    }
    /// A command.
    fn act(&mut self, call: &Call, cx: &mut Cx<'_>) -> Heard;
    /// A stroke of typing.
    fn stroke(&mut self, stroke: Stroke, cx: &mut Cx<'_>) -> Heard {
        let _ = (stroke, cx);
        Heard::No
    }
    /// Pasted text.
    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
        let _ = (text, cx);
    }
    /// The ticket of what it asked last.
    fn asked(&mut self, ticket: Ticket) {
        let _ = ticket;
    }
    /// An answer; true when it was this layer's.
    fn learn(&mut self, ticket: Ticket, reply: &Reply, view: View<'_>) -> bool {
        let _ = (ticket, reply, view);
        false
    }
    /// The change it ordered was refused; it is on top again.
    fn refused(&mut self, why: &Refusal, view: View<'_>) {
        let _ = (why, view);
    }
    /// A change was saved while it is open: what it shows may be old.
    fn stale(&mut self, cx: &mut Cx<'_>) {
        let _ = cx;
    }
    /// It is about the chosen customer and means nothing without them.
    fn is_about_customer(&self) -> bool {
        false
    }
    /// The language of the screen is another one: every word it holds is made anew. `here` is what holds under it.
    fn translate(&mut self, view: View<'_>, here: &Here) {
        let _ = (view, here);
    }
    /// The part of the screen it takes.
    fn room(&self, screen: Rect) -> Rect;
    /// What scrolling depends on, before drawing.
    fn arrange(&mut self, room: Rect) {
        let _ = room;
    }
    /// Draws it; `room` is what [`Layer::room`] gave.
    fn draw(&self, canvas: &mut Canvas<'_>, room: Rect, view: View<'_>);
    /// Where the caret stands.
    fn caret(&self, room: Rect, view: View<'_>) -> Option<Position> {
        let _ = (room, view);
        None
    }
}
