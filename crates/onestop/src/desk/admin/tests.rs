//! The pages of administration through their router: who may, accounts and posts, staff from a
//! sheet, announced days; each with repeats, bad input and somebody who is faster.

use crate::desk::tests::{act, case, received, signed_in, words};
use crate::jobs;
use crate::testing::{
    Answer, Browser, COMMUNE, DISTRICT, OFFICERS, PASSWORD, Part, World, account_of, catalogue,
    world_with,
};
use kernel::calendar::Date;
use kernel::ids::AccountId;
use kernel::org::{Holding, Post, Role, Staff, Validity};
use std::io::Write;
use store::{accounts, announcements, journal, sessions, staff};

const ACCOUNTS: &str = "/noi-lam-viec/quan-tri/tai-khoan";
const UNITS: &str = "/noi-lam-viec/quan-tri/don-vi";
const CALENDAR: &str = "/noi-lam-viec/quan-tri/lich";
/// A post of the commune that nobody holds.
const FREE: &str = "kg.rach-gia.vinh-thanh-van/case_officer";
/// A post of the province.
const TOP: &str = "kg/leader";

fn day(y: i32, m: u32, d: u32) -> Date {
    Date::from_ymd_opt(y, m, d).unwrap()
}

/// The usual officers, with `phong` as administrator of the district besides, two posts that nobody
/// holds, and the holdings kept in the store as in an installation.
fn admin_world() -> World {
    let always = Validity { from: day(2018, 1, 1), to: None };
    let post = |id: String, unit: &str, role: Role| Post {
        id,
        unit: unit.into(),
        role,
        title: role.as_str().into(),
        title_en: String::new(),
    };
    let mut posts: Vec<Post> =
        OFFICERS.iter().map(|(l, _, r, u)| post(format!("{u}/{l}"), u, *r)).collect();
    posts.push(post(format!("{DISTRICT}/administrator"), DISTRICT, Role::Administrator));
    posts.push(post(FREE.into(), COMMUNE, Role::CaseOfficer));
    posts.push(post(TOP.into(), "kg", Role::Leader));
    let holding =
        |post: String, login: &str| Holding { post, account: account_of(login), valid: always };
    let mut holdings: Vec<Holding> =
        OFFICERS.iter().map(|(l, _, _, u)| holding(format!("{u}/{l}"), l)).collect();
    holdings.push(holding(format!("{DISTRICT}/administrator"), "phong"));
    let staff = Staff::build(posts, holdings.clone(), Vec::new()).unwrap();
    let world = world_with(catalogue().with_staff(staff));
    let keep = move |tx: &mut store::Tx<'_>| {
        holdings.iter().try_for_each(|holding| staff::put_holding(tx, holding))
    };
    world.app.0.store.act_blocking(keep).unwrap();
    world
}

fn href(login: &str) -> String {
    format!("{ACCOUNTS}/{}", account_of(login))
}

async fn page(browser: &mut Browser, to: &str) -> Answer {
    let answer = browser.get(to).await;
    assert_eq!(answer.status, 200, "{to}: {}", words(&answer));
    assert_eq!(answer.body.matches("<h1").count(), 1, "{to}");
    words(&answer);
    answer
}

/// Opens an act's form and sends it as it is with these fields.
async fn does(browser: &mut Browser, to: &str, form: &[(&str, &str)]) -> Answer {
    let shown = page(browser, to).await;
    sent(browser, &shown, to, form).await
}

async fn sent(browser: &mut Browser, shown: &Answer, to: &str, form: &[(&str, &str)]) -> Answer {
    let seen = shown.body.contains("name=\"seen\"").then(|| shown.hidden("seen"));
    let held = shown.body.contains("name=\"tu\"").then(|| (shown.hidden("tu"), shown.hidden("cu")));
    let mut parts = vec![Part::Text("buoc", "ghi")];
    parts.extend(seen.iter().map(|seen| Part::Text("seen", seen)));
    if let Some((from, old)) = &held {
        parts.extend([Part::Text("tu", from), Part::Text("cu", old)]);
    }
    parts.extend(form.iter().map(|(name, value)| Part::Text(name, value)));
    let to = to.split('?').next().unwrap();
    browser.post(shown, to, &parts).await
}

fn account(world: &World, login: &str) -> accounts::Account {
    world.app.0.store.read_blocking(|r| accounts::by_login(r, login)).unwrap().unwrap()
}

fn history(world: &World, login: &str) -> Vec<String> {
    let id = account(world, login).id;
    let all = world.app.0.store.read_blocking(|r| staff::history(r, id)).unwrap();
    all.into_iter().map(|one| one.change.event.kind().to_owned()).collect()
}

fn held(world: &World, login: &str) -> Vec<(String, Validity)> {
    let id = AccountId(account(world, login).id.to_string());
    let all = world.app.0.store.read_blocking(|r| staff::holdings(r)).unwrap();
    let mine = all.into_iter().filter(|h| h.account == id);
    mine.map(|h| (h.post, h.valid)).collect()
}

/// What was recorded is what stands, and the whole journal holds.
fn proven(world: &World) {
    let rows = world.app.0.store.read_blocking(|r| staff::verify(r)).unwrap();
    let all = world.app.0.store.read_blocking(|r| journal::check(r)).unwrap();
    assert!(all.first_bad.is_none());
    assert!(rows > 0 && rows <= all.rows);
}

#[tokio::test]
async fn only_administrators_see_accounts_and_a_unit_keeps_its_own_line_only() {
    let world = admin_world();
    for login in ["han", "minh", "giam"] {
        let mut other = signed_in(&world, login).await;
        for to in [ACCOUNTS, UNITS, CALENDAR, &format!("{ACCOUNTS}/bang.csv"), &href("bao")] {
            assert_eq!(other.get(to).await.status, 403, "{login} {to}");
        }
        let with_form = other.get("/noi-lam-viec/mat-khau").await;
        let to = format!("{}/lam/khoa", href("bao"));
        let form = [Part::Text("ground", "x"), Part::Text("seen", "0")];
        assert_eq!(other.post(&with_form, &to, &form).await.status, 403, "{login}");
    }
    let mut district = signed_in(&world, "phong").await;
    let listed = words(&page(&mut district, ACCOUNTS).await);
    for (login, theirs) in [("bao", true), ("lan", true), ("tri", false), ("giam", false)] {
        assert_eq!(listed.contains(&format!(" {login} ")), theirs, "{login}: {listed}");
        let status = district.get(&href(login)).await.status;
        assert_eq!(status, if theirs { 200 } else { 404 }, "{login}");
        let to = format!("{}/lam/mat-khau", href(login));
        let status = district.get(&to).await.status;
        assert_eq!(status, if theirs { 200 } else { 404 }, "{login}");
    }
    let table = district.get(&format!("{ACCOUNTS}/bang.csv")).await;
    assert!(table.body.contains("bao") && !table.body.contains("tri,"), "{}", table.body);
    assert_eq!(district.get(&format!("{UNITS}?dv=kg")).await.status, 404);
    assert_eq!(district.get(CALENDAR).await.status, 403, "the calendar is the province's");
    let shown = page(&mut district, &format!("{}/lam/khoa", href("bao"))).await;
    for to in [format!("{}/lam/khoa", href("tri")), format!("{CALENDAR}/moi")] {
        let form = [("ground", "x"), ("kind", "holiday")];
        let status = sent(&mut district, &shown, &to, &form).await.status;
        assert!(status == 404 || status == 403, "{to}: {status}");
    }
    assert!(account(&world, "tri").active);
    // What a unit gives away is its own.
    let to = format!("{}/lam/bo-nhiem", href("bao"));
    let form =
        [("post", TOP), ("ground", "QĐ 1"), ("from-d", "25"), ("from-m", "4"), ("from-y", "2019")];
    let refused = does(&mut district, &to, &form).await;
    assert_eq!(refused.status, 422);
    assert_eq!(held(&world, "bao").len(), 1);
}

#[tokio::test]
async fn an_account_is_added_with_a_first_password_that_is_shown_once() {
    let world = admin_world();
    let mut admin = signed_in(&world, "tri").await;
    let to = format!("{ACCOUNTS}/moi");
    let shown = page(&mut admin, &to).await;
    let looked = admin
        .post(&shown, &to, &[Part::Text("buoc", "tim"), Part::Text("tim", "case vinh thanh van")])
        .await;
    assert!(looked.body.contains(&format!("value=\"{FREE}\"")), "{}", words(&looked));
    let form = [
        ("login", " Kim.Loan "),
        ("name", "Nguyễn Thị  Kim Loan"),
        ("post", FREE),
        ("from-d", "25"),
        ("from-m", "4"),
        ("from-y", "2019"),
        ("ground", "QĐ 12/QĐ-UBND"),
    ];
    let none = sent(&mut admin, &shown, &to, &[("login", "a b"), ("name", "x")]).await;
    assert_eq!(none.status, 422);
    let taken: Vec<_> =
        form.iter().map(|(k, v)| (*k, if *k == "login" { "han" } else { *v })).collect();
    let fresh = page(&mut admin, &to).await;
    let taken = sent(&mut admin, &fresh, &to, &taken).await;
    assert!(taken.status == 422 && words(&taken).contains("đã có người dùng"), "{}", words(&taken));
    let made = sent(&mut admin, &shown, &to, &form).await;
    assert_eq!(made.status, 200, "{}", words(&made));
    let groups = |word: &&str| word.len() == 14 && word.split('-').all(|part| part.len() == 4);
    let said = words(&made);
    let password = said.split(' ').find(groups).unwrap().to_owned();
    let again = sent(&mut admin, &shown, &to, &form).await;
    assert_eq!(again.status, 303, "a second press makes nothing and shows nothing");
    assert_eq!(history(&world, "kim.loan"), ["account_added", "appointed"]);
    let kept = account(&world, "kim.loan");
    assert_eq!(kept.display_name, "Nguyễn Thị Kim Loan");
    assert!(kept.must_change && accounts::verify_password(Some(&kept.password_phc), &password));
    let profile = page(&mut admin, again.location()).await;
    assert!(!profile.body.contains(&password));
    assert!(words(&profile).contains("QĐ 12/QĐ-UBND"));

    let mut new = Browser::new(&world, crate::desk::routes(world.app.clone()));
    let door = new.get("/dang-nhap").await;
    let form = [Part::Text("name", "kim.loan"), Part::Text("password", &password)];
    assert_eq!(new.post(&door, "/dang-nhap", &form).await.status, 303);
    assert_eq!(new.get("/noi-lam-viec").await.location(), "/noi-lam-viec/mat-khau");
    proven(&world);
}

#[tokio::test]
async fn closing_resetting_and_lifting_do_what_they_say_and_stand_in_the_history() {
    let world = admin_world();
    let mut admin = signed_in(&world, "tri").await;
    let mut officer = signed_in(&world, "bao").await;
    let lam = |act: &str| format!("{}/lam/{act}", href("bao"));
    let none = does(&mut admin, &lam("khoa"), &[]).await;
    assert_eq!(none.status, 422, "a ground is needed");
    let closed = does(&mut admin, &lam("khoa"), &[("ground", "Nghỉ hưu, QĐ 7")]).await;
    assert_eq!(closed.status, 303, "{}", words(&closed));
    let gone = officer.get("/noi-lam-viec").await;
    assert_eq!((gone.status.as_u16(), gone.location()), (303, "/dang-nhap"));
    let twice = does(&mut admin, &lam("khoa"), &[("ground", "x")]).await;
    assert_eq!(twice.status, 409, "it is closed already");
    let open = does(&mut admin, &lam("mo"), &[("ground", "Nhầm")]).await;
    assert_eq!(open.status, 303);
    signed_in(&world, "bao").await;
    let renamed = does(&mut admin, &lam("ten"), &[("name", "Trần  Bảo"), ("ground", "Sửa")]).await;
    assert_eq!(renamed.status, 303);
    assert_eq!(account(&world, "bao").display_name, "Trần Bảo");

    let id = account(&world, "bao").id;
    let start = move |tx: &mut store::Tx<'_>| {
        let new = sessions::NewSession {
            token_hash: [1; 32],
            realm: "officer".into(),
            account_id: Some(id),
            csrf: [2; 32],
            user_agent: String::new(),
            expires_at_ms: i64::MAX,
        };
        sessions::start(tx, &new, 1)?;
        accounts::note_sign_in(tx, id, false, 1).map(|_| ())
    };
    world.app.0.store.act_blocking(start).unwrap();
    let reset = does(&mut admin, &lam("mat-khau"), &[("ground", "Quên")]).await;
    assert_eq!(reset.status, 200);
    let now = world.app.now().0;
    let open = world.app.0.store.read_blocking(|r| sessions::by_account(r, id, now)).unwrap();
    assert!(open.is_empty(), "sessions end with the old password");
    assert!(!accounts::verify_password(Some(&account(&world, "bao").password_phc), PASSWORD));
    let kinds = [
        "account_found",
        "account_disabled",
        "account_enabled",
        "account_renamed",
        "password_reset",
    ];
    assert_eq!(history(&world, "bao"), kinds);
    assert_eq!(admin.get(&lam("khong-co")).await.status, 404);
    proven(&world);
    // What nobody recorded is found.
    let valid = Validity { from: day(2019, 4, 25), to: None };
    let holding = Holding { post: TOP.into(), account: account_of("bao"), valid };
    let by_hand = move |tx: &mut store::Tx<'_>| staff::put_holding(tx, &holding);
    world.app.0.store.act_blocking(by_hand).unwrap();
    let found = world.app.0.store.read_blocking(|r| staff::verify(r)).unwrap_err();
    assert!(found.to_string().contains("account bao: its posts"), "{found}");
}

#[tokio::test]
async fn nobody_locks_themselves_out_and_the_last_administrator_stays() {
    let world = admin_world();
    let mut admin = signed_in(&world, "tri").await;
    let own = "post=kg%2Ftri&tu=2018-01-01";
    for (act, form) in [
        ("khoa", vec![("ground", "x")]),
        ("mat-khau", vec![("ground", "x")]),
        ("ket-thuc-phien", vec![("ground", "x")]),
        (
            &*format!("den-ngay?{own}"),
            vec![("ground", "x"), ("to-d", "1"), ("to-m", "5"), ("to-y", "2019")],
        ),
        (
            &*format!("chuyen?{own}"),
            vec![("post", FREE), ("ground", "x"), ("on-d", "1"), ("on-m", "5"), ("on-y", "2019")],
        ),
    ] {
        let refused = does(&mut admin, &format!("{}/lam/{act}", href("tri")), &form).await;
        assert_eq!(refused.status, 409, "{act}: {}", words(&refused));
        assert!(words(&refused).contains("một quản trị khác"), "{act}");
    }
    // Another one of the province may, but not as the last one.
    let form = [
        ("post", "kg/tri"),
        ("ground", "QĐ 3"),
        ("from-d", "25"),
        ("from-m", "4"),
        ("from-y", "2019"),
    ];
    let done = does(&mut admin, &format!("{}/lam/bo-nhiem", href("giam")), &form).await;
    assert_eq!(done.status, 303, "{}", words(&done));
    let mut second = signed_in(&world, "giam").await;
    let ended =
        does(&mut second, &format!("{}/lam/khoa", href("tri")), &[("ground", "QĐ 4")]).await;
    assert_eq!(ended.status, 303, "{}", words(&ended));
    let mut district = signed_in(&world, "phong").await;
    assert_eq!(district.get(&href("giam")).await.status, 404);
    // The program itself may not either.
    let actor = kernel::access::Actor::system("account");
    let id = account(&world, "giam").id;
    let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
        staff::act(tx, env, (id, None), &staff::Act::Disable, "x")
    };
    let last = world.app.unit(&actor, unit).await.unwrap_err();
    assert!(matches!(last, store::ActError::Refused(staff::StaffError::LastAdministrator)));
    assert!(account(&world, "giam").active);
    proven(&world);
}

#[tokio::test]
async fn a_move_takes_effect_on_its_day_in_every_running_program() {
    let world = admin_world();
    let mut admin = signed_in(&world, "tri").await;
    let to = format!("{}/lam/chuyen?post={DISTRICT}%2Fbao&tu=2018-01-01", href("bao"));
    let early =
        [("post", FREE), ("ground", "QĐ 5"), ("on-d", "1"), ("on-m", "1"), ("on-y", "2018")];
    assert_eq!(does(&mut admin, &to, &early).await.status, 422);
    let form = [("post", FREE), ("ground", "QĐ 5"), ("on-d", "2"), ("on-m", "5"), ("on-y", "2019")];
    let shown = page(&mut admin, &to).await;
    let other = page(&mut admin, &to).await;
    let moved = sent(&mut admin, &shown, &to, &form).await;
    assert_eq!(moved.status, 303, "{}", words(&moved));
    assert_eq!(sent(&mut admin, &shown, &to, &form).await.status, 303, "a repeat does nothing");
    let late = sent(&mut admin, &other, &to, &form).await;
    assert_eq!(late.status, 409, "the other page was made before: {}", words(&late));
    let seats = |date| -> Vec<String> {
        let seats = world.app.catalogue().seats(&account_of("bao"), date);
        seats.iter().map(|seat| seat.unit.to_string()).collect()
    };
    assert_eq!(seats(day(2019, 5, 1)), [DISTRICT]);
    assert_eq!(seats(day(2019, 5, 2)), [COMMUNE]);
    assert_eq!(history(&world, "bao"), ["account_found", "end_set", "appointed"]);

    // A second program on the same store has an older picture until it looks.
    world.app.replace_catalogue(std::sync::Arc::new(
        catalogue().with_staff(world.app.catalogue().staff.with_holdings(Vec::new()).unwrap()),
    ));
    assert!(seats(day(2019, 5, 2)).is_empty());
    assert!(jobs::staff::take_over(&world.app).await.unwrap());
    assert!(!jobs::staff::take_over(&world.app).await.unwrap());
    assert_eq!(seats(day(2019, 5, 2)), [COMMUNE]);

    // Before its day it is taken back, and the old post goes on.
    let cancel = format!("{}/lam/huy?post={}&tu=2019-05-02", href("bao"), FREE.replace('/', "%2F"));
    assert_eq!(does(&mut admin, &cancel, &[("ground", "Hoãn")]).await.status, 303);
    let open = format!("{}/lam/den-ngay?post={DISTRICT}%2Fbao&tu=2018-01-01", href("bao"));
    let form = [("ground", "Hoãn"), ("to-d", ""), ("to-m", ""), ("to-y", "")];
    assert_eq!(does(&mut admin, &open, &form).await.status, 303);
    assert_eq!(seats(day(2020, 1, 1)), [DISTRICT]);
    assert_eq!(admin.get(&cancel).await.status, 404, "it is not there any more");
    proven(&world);
}

#[tokio::test]
async fn who_is_who_on_a_day() {
    let world = admin_world();
    let mut admin = signed_in(&world, "tri").await;
    let form = [("ground", "QĐ 6"), ("to-d", "30"), ("to-m", "4"), ("to-y", "2019")];
    let to = format!("{}/lam/den-ngay?post={DISTRICT}%2Fbao&tu=2018-01-01", href("bao"));
    assert_eq!(does(&mut admin, &to, &form).await.status, 303);
    let row = |answer: &Answer| {
        let said = words(answer);
        let rest = said.split(&format!("{DISTRICT}/bao")).nth(1).unwrap().to_owned();
        rest.split("Thêm người").next().unwrap().to_owned()
    };
    let before = page(&mut admin, &format!("{UNITS}?dv={DISTRICT}&ngay=2019-04-30")).await;
    assert!(!row(&before).contains("Chưa có người"), "{}", row(&before));
    let after = page(&mut admin, &format!("{UNITS}?dv={DISTRICT}&n-d=1&n-m=5&n-y=2019")).await;
    assert!(row(&after).contains("Chưa có người"), "{}", row(&after));
    assert!(row(&after).contains("Trần Quốc Bảo"), "those before are named");
    let found = words(&page(&mut admin, &format!("{UNITS}?q=vinh+thanh")).await);
    assert!(found.contains("phường Vĩnh Thanh Vân"), "{found}");
    assert_eq!(admin.get(&format!("{UNITS}?dv=none")).await.status, 404);
    let table = admin.get(&format!("{UNITS}/bang.csv?dv=kg&ngay=2019-05-01")).await.body;
    assert!(table.contains("Võ Thanh Phong") && !table.contains("Trần Quốc Bảo"), "{table}");
    assert!(table.contains(FREE), "vacant posts stand in it");
}

const SHEET: &str = "Họ và tên\tTên đăng nhập\tVị trí\tTừ ngày\tĐến hết ngày\n\
    Lâm Văn Mới\tmoi.lv\tkg.rach-gia.vinh-thanh-van/case_officer\t25/4/2019\t\n\
    Lê Ngọc Hân\than\tkg.rach-gia.desk/han\t\t31.12.2019\n\
    Danh Thị Lan\tlan\tkg.rach-gia.vinh-thanh-van.desk/lan\t\t\n";

async fn previewed(browser: &mut Browser, sheet: &str) -> Answer {
    let to = format!("{ACCOUNTS}/nhap");
    let shown = page(browser, &to).await;
    browser.post(&shown, &to, &[Part::Text("bang", sheet)]).await
}

/// The hidden lines of a preview.
fn lines(preview: &Answer) -> Vec<String> {
    let all = preview.body.split("name=\"dong\" value=\"").skip(1);
    all.map(|rest| rest.split('"').next().unwrap().replace("&#10;", "\n")).collect()
}

async fn taken(browser: &mut Browser, preview: &Answer) -> Answer {
    let (digest, all) = (preview.hidden("xem"), lines(preview));
    let mut parts = vec![
        Part::Text("buoc", "ghi"),
        Part::Text("xem", &digest),
        Part::Text("ground", "QĐ 20/QĐ-UBND"),
    ];
    parts.extend(all.iter().map(|line| Part::Text("dong", line)));
    browser.post(preview, &format!("{ACCOUNTS}/nhap"), &parts).await
}

#[tokio::test]
async fn a_sheet_is_shown_line_by_line_taken_whole_and_changes_nothing_when_it_comes_again() {
    let world = admin_world();
    let mut admin = signed_in(&world, "tri").await;
    let preview = previewed(&mut admin, SHEET).await;
    let said = words(&preview);
    assert!(
        said.contains("1 tài khoản mới, 1 dòng thay đổi, 1 dòng giữ nguyên, 0 dòng sai"),
        "{said}"
    );
    assert!(said.contains("Ngày cuối từ không thời hạn thành"), "{said}");
    let nobody = world.app.0.store.read_blocking(|r| accounts::by_login(r, "moi.lv")).unwrap();
    assert!(nobody.is_none(), "a preview keeps nothing");
    let done = taken(&mut admin, &preview).await;
    assert_eq!(done.status, 200, "{}", words(&done));
    assert!(words(&done).contains("moi.lv"), "the slip");
    assert_eq!(taken(&mut admin, &preview).await.status, 303, "a second press does nothing");
    assert_eq!(history(&world, "moi.lv"), ["account_added", "appointed"]);
    assert_eq!(held(&world, "han")[0].1.to, Some(day(2019, 12, 31)));
    assert!(history(&world, "lan").is_empty(), "what is as the sheet says has no entry");
    let again = words(&previewed(&mut admin, SHEET).await);
    assert!(again.contains("0 tài khoản mới, 0 dòng thay đổi, 3 dòng giữ nguyên"), "{again}");
    let seats = world
        .app
        .catalogue()
        .seats(&AccountId(account(&world, "moi.lv").id.to_string()), day(2019, 4, 25));
    assert_eq!(seats.len(), 1, "it counts at once");
    proven(&world);
}

#[tokio::test]
async fn a_wrong_line_stops_the_whole_sheet_and_says_where_and_why() {
    let world = admin_world();
    let mut admin = signed_in(&world, "tri").await;
    for (line, why) in [
        ("Tên\tx y\tkg.rach-gia.vinh-thanh-van/case_officer\t\t", "chữ không dấu"),
        ("Tên\ta.b\tkg.khong-co/leader\t\t", "Không có vị trí kg.khong-co/leader"),
        ("\ta.b\tkg/leader\t\t", "Nhập họ và tên"),
        ("Tên\ta.b\tkg/leader\thôm nay\t", "không đọc được"),
        ("Tên\ta.b\tkg/leader\t2/5/2019\t1/5/2019", "Ngày cuối trước ngày đầu"),
        ("Tên\ta.b\tkg/leader\t1/1/2019\t", "Ngày đầu không sớm hơn"),
        ("Người khác\tmoi.lv\tkg/leader\t\t", "cho “Lâm Văn Mới”"),
    ] {
        let preview = previewed(&mut admin, &format!("{SHEET}{line}\n")).await;
        let said = words(&preview);
        assert!(said.contains("1 dòng sai") && said.contains(why), "{line}: {said}");
        assert!(said.contains(" 5 "), "the number of the line: {said}");
        assert!(!preview.body.contains("name=\"xem\""), "it cannot be taken");
    }
    for (sheet, why) in [
        ("", "một tệp, hoặc dán"),
        ("Tên đăng nhập\tKhác\nx\ty\n", "Thiếu cột"),
        ("Tên đăng nhập\tHọ và tên\tVị trí\n", "không có dòng nào"),
    ] {
        let refused = previewed(&mut admin, sheet).await;
        assert_eq!(refused.status, 422);
        assert!(words(&refused).contains(why), "{}", words(&refused));
    }
    let nobody = world.app.0.store.read_blocking(|r| accounts::by_login(r, "moi.lv")).unwrap();
    assert!(nobody.is_none());
    // Another administrator of a unit: what is not theirs is wrong, line by line.
    let mut district = signed_in(&world, "phong").await;
    let said = words(
        &previewed(&mut district, "tri\tQuách Minh Trí\tkg/tri\nx.y\tTên\tkg/leader\n").await,
    );
    assert!(said.contains("2 dòng sai") && said.contains("vị trí ở đơn vị khác"), "{said}");
}

#[tokio::test]
async fn a_sheet_is_looked_at_again_when_somebody_was_faster_or_changed_its_lines() {
    let world = admin_world();
    let mut admin = signed_in(&world, "tri").await;
    let preview = previewed(&mut admin, SHEET).await;
    let form = [("ground", "QĐ 6"), ("to-d", "30"), ("to-m", "4"), ("to-y", "2019")];
    let to = format!("{}/lam/den-ngay?post=kg.rach-gia.desk%2Fhan&tu=2018-01-01", href("han"));
    assert_eq!(does(&mut admin, &to, &form).await.status, 303);
    let stale = taken(&mut admin, &preview).await;
    assert_eq!(stale.status, 409, "{}", words(&stale));
    assert!(words(&stale).contains("vừa thay đổi sau khi xem trước"));
    let nobody = world.app.0.store.read_blocking(|r| accounts::by_login(r, "moi.lv")).unwrap();
    assert!(nobody.is_none(), "nothing half done");
    assert_eq!(taken(&mut admin, &stale).await.status, 200, "the new preview can be taken");
    let odd = [Part::Text("buoc", "ghi"), Part::Text("dong", "x"), Part::Text("xem", "")];
    assert_eq!(admin.post(&preview, &format!("{ACCOUNTS}/nhap"), &odd).await.status, 400);
}

/// A workbook with one sheet of text cells, as small as the format allows.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let cell = |(column, text): (char, &&str), row: usize| {
        format!("<c r=\"{column}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    };
    let row = |(n, cells): (usize, &&[&str])| {
        let cells: String = ('A'..).zip(cells.iter()).map(|one| cell(one, n)).collect();
        format!("<row r=\"{n}\">{cells}</row>")
    };
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let data: String = (1..).zip(rows.iter()).map(row).collect();
    let parts = [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"
                .to_owned(),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r0\" Type=\"{rels}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{rels}\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{rels}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><sheetData>{data}</sheetData></worksheet>"),
        ),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn sheets_come_as_xlsx_and_csv_and_odd_files_are_refused() {
    let world = admin_world();
    let mut admin = signed_in(&world, "tri").await;
    let to = format!("{ACCOUNTS}/nhap");
    let shown = page(&mut admin, &to).await;
    let heads = ["Tên đăng nhập", "Họ và tên", "Vị trí", "Từ ngày", "Đến hết ngày"];
    let book = workbook(&[&heads, &["moi.lv", "Lâm Văn Mới", FREE, "2019-04-25", ""]]);
    let csv = format!("\u{feff}Tên đăng nhập;Họ và tên;Vị trí\nmoi.lv;\"Lâm; Văn Mới\";{FREE}\n");
    for (name, bytes) in [("can-bo.xlsx", book.as_slice()), ("can-bo.csv", csv.as_bytes())] {
        let preview = admin.post(&shown, &to, &[Part::File("tep", name, bytes)]).await;
        let said = words(&preview);
        assert!(said.contains("1 tài khoản mới, 0 dòng thay đổi"), "{name}: {said}");
    }
    let large = vec![b'a'; 1024 * 1024 + 1];
    let bomb = {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
        for _ in 0..20 {
            zip.write_all(&vec![b' '; 1024 * 1024]).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    let odd = [b"PK\x03\x04 no zip".to_vec(), vec![0xff, 0xfe, 0x00], large, bomb];
    for bytes in odd {
        let refused = admin.post(&shown, &to, &[Part::File("tep", "x.xlsx", &bytes)]).await;
        assert_eq!(refused.status, 422, "{} bytes", bytes.len());
    }
    // What the table gives, the import takes back unchanged.
    let table = admin.get(&format!("{ACCOUNTS}/bang.csv")).await;
    let back = admin.post(&shown, &to, &[Part::File("tep", "bang.csv", &table.bytes)]).await;
    let said = words(&back);
    assert!(
        said.contains("0 tài khoản mới, 0 dòng thay đổi, 9 dòng giữ nguyên, 0 dòng sai"),
        "{said}"
    );
}

#[tokio::test]
async fn a_closure_shows_what_it_would_move_before_it_is_kept_and_is_taken_back() {
    let world = admin_world();
    let mut desk = signed_in(&world, "han").await;
    let id = received(&world, &mut desk).await;
    assert_eq!(act(&mut desk, &id, "forward", &[]).await.status, 303);
    let due = case(&world, &id).due_at.unwrap();
    let code = case(&world, &id).code.unwrap();
    let mut admin = signed_in(&world, "tri").await;
    page(&mut admin, CALENDAR).await;
    let to = format!("{CALENDAR}/moi");
    let shown = page(&mut admin, &to).await;
    let date = due.date().format("%-d %-m %Y").to_string();
    let date: Vec<&str> = date.split(' ').collect();
    let seen = format!("{} Đóng cửa cả ngày", due.date());
    let form = |step: &'static str, ground: &'static str| {
        vec![
            Part::Text("da-xem", &seen),
            Part::Text("buoc", step),
            Part::Text("date-d", date[0]),
            Part::Text("date-m", date[1]),
            Part::Text("date-y", date[2]),
            Part::Text("kind", "closed"),
            Part::Text("ground", ground),
        ]
    };
    let none = admin.post(&shown, &to, &form("xem", "")).await;
    assert_eq!(none.status, 422, "the number of the decision is needed");
    let looked = admin.post(&shown, &to, &form("xem", "QĐ 30/QĐ-UBND")).await;
    let said = words(&looked);
    assert!(said.contains("Đã xem cả 1 hồ sơ đang chạy: 1 hồ sơ đổi ngày"), "{said}");
    assert!(said.contains(&code) && said.contains("Theo đơn vị"), "{said}");
    assert!(!said.contains("Kim Loan"), "codes only");
    assert_eq!(case(&world, &id).due_at, Some(due), "looking changes nothing");
    let all = || world.app.0.store.read_blocking(|r| announcements::all(r)).unwrap();
    assert!(all().is_empty());
    assert_eq!(looked.hidden("da-xem"), seen);
    let mut other = form("ghi", "QĐ 30/QĐ-UBND");
    other[5] = Part::Text("kind", "off");
    let other = admin.post(&looked, &to, &other).await;
    assert_eq!(other.status, 200, "what was changed after the look is looked at first");
    assert!(all().is_empty() && other.hidden("da-xem").ends_with("Nghỉ hoán đổi"));
    let kept = admin.post(&looked, &to, &form("ghi", "QĐ 30/QĐ-UBND")).await;
    assert_eq!(kept.status, 303, "{}", words(&kept));
    assert_eq!(admin.post(&looked, &to, &form("ghi", "QĐ 30/QĐ-UBND")).await.status, 303);
    assert_eq!(all().len(), 1, "a second press announces nothing");
    assert_eq!(all()[0].announced.by, account_of("tri").0);
    world.clock.set(world.app.now().0 + 60_000);
    while !jobs::calendar::rederive(&world.app).await.unwrap().finished {}
    assert!(case(&world, &id).due_at.unwrap() > due, "the walk does what was shown");

    let listed = words(&page(&mut admin, CALENDAR).await);
    assert!(listed.contains("Quách Minh Trí thông báo") && listed.contains("QĐ 30"), "{listed}");
    let back = format!("{CALENDAR}/1/rut");
    let shown = page(&mut admin, &back).await;
    let form = [Part::Text("buoc", "ghi"), Part::Text("ground", "QĐ 31")];
    assert_eq!(admin.post(&shown, &back, &form).await.status, 303);
    assert!(all()[0].withdrawn.is_some());
    assert_eq!(admin.get(&back).await.status, 404);
    for (name, value, status) in [
        ("date-y", "2018", 422),
        ("kind", "party", 422),
        ("hours", "x", 422),
        ("date-m", "13", 422),
    ] {
        let shown = page(&mut admin, &to).await;
        let mut form = vec![("date-d", "4"), ("date-m", "5"), ("date-y", "2019"), ("kind", "work")];
        form.extend([("ground", "QĐ"), ("buoc", "xem")]);
        form.retain(|(key, _)| *key != name);
        form.push((name, value));
        let parts: Vec<Part<'_>> = form.iter().map(|(k, v)| Part::Text(k, v)).collect();
        let answer = admin.post(&shown, &to, &parts).await;
        assert_eq!(answer.status, status, "{name}: {}", words(&answer));
    }
}
