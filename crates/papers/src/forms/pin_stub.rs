//! The stub with the PIN: what a person needs to follow a case, and nothing about who they are.

use chrono::NaiveDateTime;

use super::{Issuer, letterhead};
use crate::codes::qr_svg;
use crate::limits::PIN_DIGITS;
use crate::text::Data;
use crate::world::{Job, RenderFault, Template, render};

/// Input of the stub. It carries no name: whoever finds it shall not learn whose it is.
#[derive(Clone, PartialEq, Eq)]
pub struct PinStub {
    /// Letterhead.
    pub issuer: Issuer,
    /// Tracking number, or the case code once there is one.
    pub number: String,
    /// Eight digits.
    pub pin: String,
    /// Address where the case can be followed.
    pub tracking_url: String,
    /// Date of the stub (Vietnam time).
    pub issued_at: NaiveDateTime,
}

impl std::fmt::Debug for PinStub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The PIN never reaches a log.
        f.debug_struct("PinStub").field("number", &self.number).finish_non_exhaustive()
    }
}

/// Renders the stub, A6 landscape.
///
/// # Errors
/// [`RenderFault`] with the field; a PIN that is not eight digits is `Code { field: "pin" }`.
pub fn pin_stub(input: &PinStub) -> Result<Vec<u8>, RenderFault> {
    if input.pin.len() != PIN_DIGITS || !input.pin.bytes().all(|b| b.is_ascii_digit()) {
        let reason = format!("expected {PIN_DIGITS} digits");
        return Err(RenderFault::Code { field: "pin", reason });
    }
    let mut data = Data::new();
    letterhead(&mut data, &input.issuer, input.issued_at)?;
    data.exact("number", &input.number)?;
    let (first, second) = input.pin.split_at(PIN_DIGITS / 2);
    data.raw("pin", format!("{first} {second}"));
    data.exact("tracking_url", &input.tracking_url)?;
    data.raw("qr", qr_svg(&input.tracking_url)?);
    let ident = format!("pin-stub/{}", input.number);
    let inputs = data.into();
    let pdf =
        render(Job { template: Template::PinStub, inputs, ident, created_at: input.issued_at });
    // The typesetter's cache would keep the PIN in memory; drop all of it.
    comemo::evict(0);
    pdf
}
