//! Who holds which post, in a running program: what the store keeps is what the catalogue says.

use crate::App;
use kernel::catalogue::Catalogue;
use store::cases::CaseError;
use store::{StoreError, staff};

/// Reads after which two acts at the same moment have met.
const LOOKS: usize = 8;

/// Takes over who holds which post; says whether anything was new. Reads again after it wrote, so
/// that of two at the same moment the later picture stays.
///
/// # Errors
/// What the store says.
pub async fn take_over(app: &App) -> Result<bool, CaseError> {
    let mut changed = false;
    for _ in 0..LOOKS {
        let mut holdings = app.read(|reader| Ok(staff::holdings(reader)?)).await?;
        let catalogue = app.catalogue();
        let order = |h: &kernel::org::Holding| {
            (h.post.clone(), h.account.0.clone(), h.valid.from, h.valid.to)
        };
        let mut known = catalogue.staff.holdings().to_vec();
        known.sort_by_key(order);
        holdings.sort_by_key(order);
        if known == holdings {
            return Ok(changed);
        }
        changed = true;
        let change = |catalogue: &Catalogue| {
            let staff = catalogue.staff.with_holdings(holdings)?;
            Ok::<_, Vec<kernel::org::StaffFault>>(catalogue.with_staff(staff))
        };
        if let Err(faults) = app.change_catalogue(change) {
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            return Err(StoreError::Corrupt(format!("posts and holders: {first}")).into());
        }
    }
    Ok(changed)
}
