//! The case file: what may be done to it (commands), what was done (events), where it stands.
//!
//! `decide` reads the state and yields events or a refusal; `apply` changes the state and never
//! refuses. Both are pure: the running service, the demo, the simulator and `verify` call the same.
//! Law: Decree 61/2018, Decree 118/2025; the states and transitions are those of the one-stop
//! shop's life cycle (numbers 1 to 22 in the comments of `decide`).

mod action;
mod apply;
mod carried;
mod clock;
mod code;
mod command;
mod decide;
mod effects;
mod event;
mod event_meta;
mod given;
mod link;
mod migrate;
mod offers;
mod op;
mod op_apply;
mod op_event;
mod op_state;
mod places;
mod profile;
mod refusal;
mod state;
mod step_time;
mod step_timers;
mod time_used;
mod upkeep;
mod work;

pub use action::Action;
pub use apply::{apply, born, replay};
pub use carried::not_carried_out;
pub use clock::{expected, explain};
pub use code::{CodeFault, case_code, number_of_day, tracking_number};
pub use command::{Command, LateEntry, Submission};
pub use decide::{Ctx, decide, helpers_for, lendable_to, opens, transfer_targets};
pub(crate) use decide::{field, start};
pub use effects::{Effects, Job, Spread, TimerChange, effects, moves};
pub use event::{Event, PaperGiven, Ref, Source};
pub use link::{
    Answer as ChildAnswer, Became, CALL, Call, Child, ParentLink, STOPPED, called_unit,
    consulted_units,
};
pub use migrate::{
    Migrate, RevertMigration, Stay, StayWhy, arrivals, begins_timers, moves_back, moves_to,
    renumbered_key,
};
pub use offers::{Offer, OfferedTask, Target, offers};
pub use op::{Because, Op, Why};
pub use op_event::OpEvent;
pub use op_state::{Finished, Helper, Hold, Incident, Lent, Ops};
pub use places::{Waits, places};
pub use profile::{CodeFormat, LegalProfile, profile_on};
pub use refusal::Refusal;
pub use state::{
    Business, Case, Delivery, DeliveryState, Finance, Supplement, SyncState, SyncTarget,
};
pub use step_time::timer_due;
pub(crate) use step_time::{DAY_HOURS, is_countable, whole_hours};
pub use step_timers::{asks_timers, timer_events};
pub use time_used::{Holder, Used, time_used};
pub use upkeep::{Paused, StepDue, TimeLeft, UpkeepEvent};
pub use work::{Bucket, WorkItem, is_lent_slot, lane_role, work_items};
