//! Pages through the router: frames in both languages, forms, sessions, headers, refusals.

#![expect(clippy::unwrap_used, reason = "tests say by failing what was not there")]

mod pages {
    pub mod forms;
    pub mod frames;
    pub mod guards;
    pub mod texts;
    pub mod world;
}
