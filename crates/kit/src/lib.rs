//! Web kit: texts, page frame, sessions, forms, answers, assets and the pieces pages are made of.
//! It knows nothing of cases and of the store; sessions, time and chance come in as small traits.

pub mod assets;
pub mod chance;
pub mod chart;
pub mod cookies;
pub mod form;
pub mod frame;
pub mod limits;
pub mod paging;
pub mod pieces;
pub mod respond;
pub mod session;
pub mod texts;
pub mod visit;

pub use form::{Check, Entries, Fault, Faults, Field, OnceKey, Upload};
pub use frame::{Flash, Page};
pub use paging::{Cursor, Pager};
pub use respond::{File, Redirect, Refused, html, redirect};
pub use session::{Kit, Site, UploadLimits};
pub use texts::{Arg, Lang, T, Texts, When};
pub use visit::{Visit, open};
