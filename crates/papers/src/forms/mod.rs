//! The printed forms of the one-stop shop (Circular 01/2018/TT-VPCP Art. 9–10; Circular
//! 03/2025/TT-VPCP): plain inputs here, layout in `templates/`.
//!
//! No form claims a digital signature: each says that it has none, until a signer exists.

pub(crate) mod apology;
pub(crate) mod control_slip;
pub(crate) mod form01;
pub(crate) mod pin_stub;
pub(crate) mod refusal_notice;
pub(crate) mod supplement_request;

use chrono::NaiveDateTime;

use crate::text::{Data, date_words};
use crate::world::RenderFault;

/// Which edition of the forms is printed. The caller chooses by date: the forms of 2025 start on
/// 15 September 2025, not with the two-tier model of 1 July.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormsEdition {
    /// Circular 01/2018/TT-VPCP, forms 01–06.
    Tt01_2018,
    /// Circular 03/2025/TT-VPCP, forms 01–07.
    Tt03_2025,
}

impl FormsEdition {
    /// The circular's number as printed.
    #[must_use]
    pub const fn circular(self) -> &'static str {
        match self {
            Self::Tt01_2018 => "Thông tư số 01/2018/TT-VPCP",
            Self::Tt03_2025 => "Thông tư số 03/2025/TT-VPCP",
        }
    }

    /// Name for the template.
    const fn key(self) -> &'static str {
        match self {
            Self::Tt01_2018 => "2018",
            Self::Tt03_2025 => "2025",
        }
    }
}

/// The office in the letterhead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// Superior body, first line; `None` where the office stands alone.
    pub parent: Option<String>,
    /// The office itself, second line.
    pub office: String,
    /// Place before the date: the commune's name at commune desks, the province's name at the
    /// provincial centre.
    pub place: String,
    /// Telephone for questions.
    pub hotline: Option<String>,
}

/// A person or organisation as printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// Full name, of one word or many.
    pub name: String,
    /// Identity number or tax code.
    pub identity: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
}

/// Letterhead, form mark and date, common to all forms.
fn head(
    data: &mut Data,
    issuer: &Issuer,
    edition: FormsEdition,
    form_no: &str,
    issued_at: NaiveDateTime,
) -> Result<(), RenderFault> {
    letterhead(data, issuer, issued_at)?;
    data.raw("edition", edition.key());
    data.raw("mark", format!("Mẫu số {form_no} – {}", edition.circular()));
    Ok(())
}

fn letterhead(
    data: &mut Data,
    issuer: &Issuer,
    issued_at: NaiveDateTime,
) -> Result<(), RenderFault> {
    data.may("parent", issuer.parent.as_deref())?;
    data.need("office", &issuer.office)?;
    data.need("place", &issuer.place)?;
    data.may("hotline", issuer.hotline.as_deref())?;
    data.raw("date", date_words(issued_at.date()));
    Ok(())
}

fn party(data: &mut Data, party: &Party) -> Result<(), RenderFault> {
    data.need("filer_name", &party.name)?;
    data.may("filer_identity", party.identity.as_deref())?;
    data.may("filer_address", party.address.as_deref())?;
    data.may("filer_phone", party.phone.as_deref())?;
    data.may("filer_email", party.email.as_deref())
}
