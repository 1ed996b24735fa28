//! Filing an application: choosing the desk, the questions page by page, the check, the receipt.
//!
//! What was typed lies in a draft, sealed with a secret that only the browser holds; files are
//! sealed under the key of the person to be. Nothing of it is a case before the last page is sent.

pub(super) mod check;
pub(crate) mod draft;
pub(crate) mod files;
mod questions;
pub(super) mod receipt;
pub(super) mod start;
pub(crate) mod steps;
