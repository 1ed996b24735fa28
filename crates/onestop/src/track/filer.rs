//! The filer of one case, known by a session that its number and PIN opened.

use crate::app::App;
use crate::refusals::refused;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use kernel::access::Actor;
use kernel::ids::CaseId;
use kit::session::Realm;
use kit::{Refused, Visit};
use store::audit::{self, Access};
use store::cases::{CaseError, Stored, by_id};

/// Who follows a case: nothing but this case is open to them.
#[derive(Clone, Debug)]
pub(super) struct Filer {
    pub(super) case: CaseId,
    pub(super) actor: Actor,
}

impl<S> FromRequestParts<S> for Filer
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let visit = Visit::from_request_parts(parts, state).await?;
        let session = visit.session().filter(|s| s.realm == Realm::Citizen);
        let case = session.and_then(|s| s.account_id.parse::<CaseId>().ok());
        let case = case.ok_or_else(|| Refused::sign_in().because("track-sign-in"))?;
        Ok(Self { case, actor: Actor::filer(case) })
    }
}

impl Filer {
    /// The case of the address, if it is theirs; the look is recorded before anything is shown. Any
    /// other number gets the same answer, whether it exists or not.
    pub(super) async fn open(
        &self,
        app: &App,
        number: &str,
        act: &'static str,
    ) -> Result<Stored, Refused> {
        let (id, number) = (self.case, number.to_uppercase());
        let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
            let stored = by_id(tx, id.0)?.ok_or(CaseError::NotFound)?;
            let case = &stored.case;
            if case.tracking != number && case.code.as_deref() != Some(number.as_str()) {
                return Err(CaseError::NotFound);
            }
            let access = Access {
                at_ms: env.now.0,
                actor: env.actor.by(),
                act: act.to_owned(),
                case_id: Some(id.0),
                ..Access::default()
            };
            audit::record(tx, &access)?;
            Ok(stored)
        };
        app.act(&self.actor, unit).await.map_err(|error| match error {
            CaseError::NotFound => Refused::not_found().because("track-hidden"),
            other => refused(other),
        })
    }
}
