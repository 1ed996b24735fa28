//! Cases: the act that changes one, its rows and projections, worklists, search and the proof that
//! replay equals the rows.

mod act;
mod beside;
mod erase;
mod filtered;
mod later;
mod rows;
mod running;
mod search;
mod signals;
mod submit;
mod upkeep;
mod verify;
mod worklist;

pub use act::{CaseError, Done, Env, act, act_on, keep, open_text};
pub use beside::{Beside, Ledger};
pub use erase::{erase, of_subject};
pub use filtered::{DueBy, Filter, Looked, changed_at, filtered, stopped};
pub use later::{
    answer_parent, close_children, end_children, escalate_parent, open_call, open_children, ring,
};
pub use rows::{
    Entry as HistoryEntry, Stored, by_code, by_id, by_number, by_tracking, history, page_after,
    statements,
};
pub use running::{list_next, running, running_after};
pub use search::{Found, Hit, find, latest};
pub use signals::{Told, spread_signal};
pub use submit::{Application, PaperIn, Submitted, accept, next_number, seal_papers, submit};
pub use upkeep::{Dry, DryPlace, Rederived, WouldMove, is_rederived, rederive_next, would_move};
pub use verify::{Finding, Page, Proof, verify, verify_journal, verify_page};
pub use worklist::{Count, Cursor, Listed, Scope, counts, list, list_of};
