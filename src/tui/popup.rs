//! A popup with fields as a layer. What all of them do alike stands here once: a popup says what it is made of, what its
//! strokes mean beyond typing, and what saving orders.

use super::{
    canvas::Canvas,
    effect::Ticket,
    entry::Stroke,
    form::Form,
    layer::{Cx, Heard, Layer},
    view::View,
};
use crate::{
    command::{Call, CommandId, Condition, Conditions, Here, Scope},
    ops::request::{Refusal, Reply},
};
use ratatui::layout::{Position, Rect};

/// A popup with fields; with it comes all of [`Layer`].
pub trait Popup: Send + std::fmt::Debug {
    /// Its fields.
    fn form(&self) -> &Form;
    /// Its fields, to change.
    fn form_mut(&mut self) -> &mut Form;
    /// Saves what is filled in, or complains.
    fn accept(&mut self, cx: &mut Cx<'_>);
    /// Leaves without saving.
    fn cancel(&mut self, cx: &mut Cx<'_>) {
        cx.close();
    }
    /// A stroke is about to reach the field that has the focus.
    fn before(&mut self, stroke: Stroke, view: View<'_>) {
        let _ = (stroke, view);
    }
    /// Something was typed or pasted.
    fn typed(&mut self, cx: &mut Cx<'_>) {
        let _ = cx;
    }
    /// Every word it holds is made anew, in the language of the view.
    fn reword(&mut self, view: View<'_>);
    /// As [`Layer::is_about_customer`].
    fn is_about_customer(&self) -> bool {
        true
    }
    /// As [`Layer::asked`].
    fn asked(&mut self, ticket: Ticket) {
        let _ = ticket;
    }
    /// As [`Layer::learn`].
    fn learn(&mut self, ticket: Ticket, reply: &Reply, view: View<'_>) -> bool {
        let _ = (ticket, reply, view);
        false
    }
}

impl<P: Popup> Layer for P {
    fn scope(&self) -> Scope {
        Scope::Popup
    }

    fn holds(&self, under: Conditions) -> Conditions {
        under.with(Condition::TextField, self.form().in_note())
    }

    fn act(&mut self, call: &Call, cx: &mut Cx<'_>) -> Heard {
        match call.command {
            CommandId::PopupAccept => self.accept(cx),
            CommandId::PopupCancel => self.cancel(cx),
            other => return self.form_mut().act(other),
        }
        Heard::Yes
    }

    fn stroke(&mut self, stroke: Stroke, cx: &mut Cx<'_>) -> Heard {
        self.before(stroke, cx.view);
        let heard = self.form_mut().stroke(stroke);
        self.typed(cx);
        heard
    }

    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) {
        self.form_mut().paste(text);
        self.typed(cx);
    }

    fn asked(&mut self, ticket: Ticket) {
        Popup::asked(self, ticket);
    }

    fn learn(&mut self, ticket: Ticket, reply: &Reply, view: View<'_>) -> bool {
        Popup::learn(self, ticket, reply, view)
    }

    fn is_about_customer(&self) -> bool {
        Popup::is_about_customer(self)
    }

    fn translate(&mut self, view: View<'_>, _here: &Here) {
        self.reword(view);
    }

    fn refused(&mut self, why: &Refusal, view: View<'_>) {
        self.form_mut().error = Some(view.refusal(why));
    }

    fn room(&self, screen: Rect) -> Rect {
        self.form().room(screen)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, room: Rect, view: View<'_>) {
        self.form().draw(canvas, room, view);
    }

    fn caret(&self, room: Rect, view: View<'_>) -> Option<Position> {
        self.form().caret(room, view.lang)
    }
}
