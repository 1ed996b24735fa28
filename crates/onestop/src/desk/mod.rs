//! The officers' side: sign-in, worklists, counter, the case and its acts, approval, hand-over,
//! outbox, access records, processes. One endpoint a file; folders follow the address.

mod act;
mod act_fields;
mod act_ops;
mod act_told;
mod admin;
mod api;
mod approve;
mod bulk;
#[cfg(test)]
mod calendar_tests;
mod case_facts;
mod case_page;
mod case_path;
mod case_story;
mod case_time;
mod case_timers;
mod counter;
mod deed;
#[cfg(test)]
mod drawn_tests;
mod files;
mod gate;
mod handover;
mod incidents;
mod lending;
mod once;
mod opened;
#[cfg(test)]
mod ops_tests;
mod outbox;
mod password;
mod pin;
#[cfg(test)]
mod print_tests;
mod processes;
mod questions;
#[cfg(test)]
mod queue_tests;
mod records;
mod search;
mod sessions;
mod shell;
mod sight;
mod sign_in;
#[cfg(test)]
pub(crate) mod tests;
mod worklists;

use crate::app::App;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

/// Where officers' pages begin; the same as the kit's `officer_prefix`.
pub const HOME: &str = "/noi-lam-viec";

/// Every address of the officers' side that needs a session, as the router has it. A test walks
/// them all without a session and as an officer of another unit.
pub const ROUTES: &[&str] = &[
    "/noi-lam-viec",
    "/noi-lam-viec/danh-sach.xlsx",
    "/noi-lam-viec/goc-nhin",
    "/noi-lam-viec/nhieu",
    "/noi-lam-viec/lo",
    "/noi-lam-viec/hoi-dap",
    "/noi-lam-viec/uy-quyen",
    "/noi-lam-viec/tim",
    "/noi-lam-viec/quay",
    "/noi-lam-viec/quay/goi-y",
    "/noi-lam-viec/quay/ngay",
    "/noi-lam-viec/quay/xong/{id}",
    "/noi-lam-viec/ho-so/{id}",
    "/noi-lam-viec/ho-so/{id}/tep/{n}",
    "/noi-lam-viec/ho-so/{id}/mau-01.pdf",
    "/noi-lam-viec/ho-so/{id}/giay/{seq}",
    "/noi-lam-viec/ho-so/{id}/phieu-kiem-soat.pdf",
    "/noi-lam-viec/ho-so/{id}/ma-bi-mat",
    "/noi-lam-viec/ho-so/{id}/ma-bi-mat.pdf",
    "/noi-lam-viec/ho-so/{id}/lam/{action}",
    "/noi-lam-viec/duyet",
    "/noi-lam-viec/tra-ket-qua",
    "/noi-lam-viec/hop-thu-di",
    "/noi-lam-viec/su-co",
    "/noi-lam-viec/nhat-ky-truy-cap",
    "/noi-lam-viec/phien",
    "/noi-lam-viec/mat-khau",
    "/noi-lam-viec/quy-trinh",
    "/noi-lam-viec/quy-trinh/moi",
    "/noi-lam-viec/quy-trinh/ban/{name}/{version}",
    "/noi-lam-viec/quy-trinh/ban/{name}/{version}/tep.bpmn",
    "/noi-lam-viec/quy-trinh/ban/{name}/{version}/thu-hoi",
    "/noi-lam-viec/quy-trinh/ban/{name}/{version}/chuyen-ho-so",
    "/noi-lam-viec/quy-trinh/chuyen/{migration}",
    "/noi-lam-viec/quy-trinh/nhap/{draft}",
    "/noi-lam-viec/quy-trinh/nhap/{draft}/tep.bpmn",
    "/noi-lam-viec/quy-trinh/nhap/{draft}/thu",
    "/noi-lam-viec/quy-trinh/nhap/{draft}/thu/kich-ban",
    "/noi-lam-viec/quy-trinh/nhap/{draft}/cong-bo",
    "/noi-lam-viec/quan-tri/tai-khoan",
    "/noi-lam-viec/quan-tri/tai-khoan/moi",
    "/noi-lam-viec/quan-tri/tai-khoan/nhap",
    "/noi-lam-viec/quan-tri/tai-khoan/bang.csv",
    "/noi-lam-viec/quan-tri/tai-khoan/{account}",
    "/noi-lam-viec/quan-tri/tai-khoan/{account}/lam/{act}",
    "/noi-lam-viec/quan-tri/don-vi",
    "/noi-lam-viec/quan-tri/don-vi/bang.csv",
    "/noi-lam-viec/quan-tri/lich",
    "/noi-lam-viec/quan-tri/lich/moi",
    "/noi-lam-viec/quan-tri/lich/{number}/rut",
];

/// The routes of the officers' side.
pub fn routes(app: App) -> Router {
    let inside = Router::new()
        .route("/noi-lam-viec/tim", get(search::show))
        .route("/noi-lam-viec/quay", get(counter::show).post(counter::receive))
        .route("/noi-lam-viec/quay/goi-y", get(counter::suggest))
        .route("/noi-lam-viec/quay/ngay", get(counter::lane::show).post(counter::lane::take))
        .route("/noi-lam-viec/quay/xong/{id}", get(counter::done::show))
        .route("/noi-lam-viec/ho-so/{id}", get(case_page::show))
        .route("/noi-lam-viec/ho-so/{id}/tep/{n}", get(files::attachment))
        .route("/noi-lam-viec/ho-so/{id}/mau-01.pdf", get(files::form01))
        .route("/noi-lam-viec/ho-so/{id}/giay/{seq}", get(files::issued))
        .route("/noi-lam-viec/ho-so/{id}/phieu-kiem-soat.pdf", get(files::control_slip))
        .route("/noi-lam-viec/ho-so/{id}/ma-bi-mat", get(pin::show))
        .route("/noi-lam-viec/ho-so/{id}/ma-bi-mat.pdf", get(pin::stub))
        .route("/noi-lam-viec/ho-so/{id}/lam/{action}", get(act::show).post(act::perform))
        .route("/noi-lam-viec/duyet", get(approve::show))
        .route("/noi-lam-viec/tra-ket-qua", get(handover::show))
        .route("/noi-lam-viec/hop-thu-di", get(outbox::show).post(outbox::send_again))
        .route("/noi-lam-viec/su-co", get(incidents::show))
        .route("/api/v1/ho-so/{id}", get(api::show))
        .route("/api/v1/ho-so/{id}/lam/{action}", post(api::perform))
        .route("/noi-lam-viec/nhat-ky-truy-cap", get(records::show))
        .route("/noi-lam-viec/phien", get(sessions::show).post(sessions::end))
        .route("/noi-lam-viec/mat-khau", get(password::show).post(password::change))
        .merge(processes::routes())
        .merge(admin::routes())
        .merge(worklists::routes())
        .merge(bulk::routes())
        .merge(lending::routes())
        .route(questions::PAGE, get(questions::show).post(questions::change))
        .layer(from_fn_with_state(app.clone(), gate::gate));
    Router::new()
        .route("/dang-nhap", get(sign_in::show).post(sign_in::enter))
        .route("/dang-xuat", post(sign_in::leave))
        .merge(inside)
        .with_state(app)
}
