//! Pages and files of a case for those who watch a province: their own, and no other.

use super::{Sight, load, whole};
use crate::app::Officer;
use crate::jobs::tests::{asking, province};
use crate::testing::world_with;
use kernel::org::Role;
use store::cases::CaseError;

#[tokio::test]
async fn a_monitor_opens_pages_and_files_of_their_own_province_only() {
    let world = world_with(province::province());
    let id = asking(&world).await.id.to_string();
    let (catalogue, today) = (world.app.catalogue(), world.app.today());
    for (unit, role, theirs) in [
        ("kg", Role::Monitor, true),
        (province::AWAY, Role::Monitor, false),
        (province::AWAY, Role::Auditor, true),
        (province::HOME, Role::CaseOfficer, true),
        (province::OTHER, Role::CaseOfficer, false),
        ("kg", Role::Leader, false),
    ] {
        let actor = province::officer(&catalogue, unit, role, world.app.now());
        let officer = Officer { account: actor.account().unwrap().clone(), actor };
        let (catalogue, who, address) = (catalogue.clone(), officer.clone(), id.clone());
        let page = world.app.read(move |reader| load(reader, &catalogue, &who, &address, today));
        match page.await {
            Ok((_, sight)) => assert!(theirs && sight == Sight::Whole, "{role:?} of {unit}"),
            Err(error) => assert!(!theirs && error == CaseError::NotFound, "{role:?} of {unit}"),
        }
        // Every file and printed paper of a case comes through here.
        assert_eq!(whole(&world.app, &officer, &id).await.is_ok(), theirs, "{role:?} of {unit}");
    }
}
