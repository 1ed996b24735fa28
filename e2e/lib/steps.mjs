// What people do in several journeys: file an application, follow it, sign in, act on a case.
import { deflateSync } from 'node:zlib';
import { check } from './journey.mjs';

/** The password of every account of the demo. */
export const PASSWORD = 'motcua-demo';
/** Certificate of marital status: an appraisal that the commune decides. */
export const APPRAISAL = '1.004873';
/** Birth registration: settled at the counter at once. */
export const AT_ONCE = '1.001193';
/** Characters of a page that a failure repeats. */
const TOLD = 400;
/** The desk of Phường Vĩnh Thanh Vân. */
export const DESK = 'kg.rach-gia.vinh-thanh-van.desk';

function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

function chunk(kind, body) {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), body]);
  const out = Buffer.alloc(named.length + 8);
  out.writeUInt32BE(body.length, 0);
  named.copy(out, 4);
  out.writeUInt32BE(crc(named), named.length + 4);
  return out;
}

/** A real PNG, grey, eight by eight. */
export function png() {
  const side = 8;
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head[8] = 8;
  const rows = Buffer.concat(Array.from({ length: side }, () => Buffer.alloc(side + 1, 0x80).fill(0, 0, 1)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}

/** A file as a form takes it. */
export const picture = (name) => ({ name, mimeType: 'image/png', buffer: png() });
/** What calls itself a picture and is none. */
export const broken = (name) => ({ name, mimeType: 'image/png', buffer: Buffer.from('MZ no picture at all') });

/** Presses a control, waits for the page that comes, and fails when a text is missing on it. */
export async function press(page, control, status = 200) {
  const main = (answer) => answer.request().isNavigationRequest() && answer.frame() === page.mainFrame();
  const moved = (answer) => main(answer) && !(answer.status() >= 300 && answer.status() < 400);
  const [answer] = await Promise.all([
    page.waitForResponse(moved),
    page.waitForEvent('load'),
    control.click(),
  ]);
  check(answer.status() === status, `${answer.url()} answered ${answer.status()}, not ${status}`);
  await complete(page);
  return answer;
}

/** Opens an address and checks its status and its texts. */
export async function open(page, address, status = 200) {
  const answer = await page.goto(address);
  check(answer.status() === status, `${address} answered ${answer.status()}, not ${status}`);
  await complete(page);
  return answer;
}

/** No text of the page is a key without words. */
async function complete(page) {
  const content = await page.content();
  check(!content.includes('⟦'), `a text is missing: ${content.match(/⟦[^⟧]*⟧/)?.[0]}`);
}

const SURNAMES = ['Nguyễn', 'Trần', 'Danh', 'Lê', 'Thị', 'Phạm', 'Huỳnh', 'Lâm', 'Châu', 'Đỗ', 'Võ', 'Kim'];
const MIDDLES = ['Ngọc', 'Thu', 'Mỹ', 'Bích', 'Kim', 'Hồng', 'Thanh', 'Tuyết', 'Cẩm', 'Diễm', 'Quế', 'Trúc'];
const GIVEN = ['Ngân', 'Liên', 'Đào', 'Sương', 'Hạnh', 'Loan', 'Nhung', 'Xuyến', 'Thắm', 'Yến', 'Giang', 'Quyên'];

/** A name that no other case of this run is likely to have. */
export function someone() {
  const one = (list) => list[Math.floor(Math.random() * list.length)];
  return `${one(SURNAMES)} ${one(MIDDLES)} ${one(MIDDLES)} ${one(GIVEN)}`;
}

/** The text of the page without its frame. */
export const said = (page) => page.locator('main').innerText();

/** Fails when the page does not say all of it. */
export async function says(page, ...words) {
  const text = await said(page);
  for (const word of words) check(text.includes(word), `the page does not say “${word}”:\n${text.slice(0, TOLD)}`);
}

export const next = (page) => page.locator('main form .mc-acts button[type=submit]').first();

/** The applicant of an application, on its page. */
export async function fillApplicant(page, name) {
  await page.fill('[name=applicant_name]', name);
  await page.fill('[name=applicant_born-y]', '1950');
}

/** The questions of the certificate of marital status. */
export async function fillMarital(page, name) {
  await page.fill('[name=person_name]', name);
  await page.fill('[name=person_birth_date-d]', '5');
  await page.fill('[name=person_birth_date-m]', '3');
  await page.fill('[name=person_birth_date-y]', '1994');
  await page.check('[name=person_sex][value=female]');
  await page.fill('[name=person_nationality]', 'Việt Nam');
  await page.fill('[name=person_address]', '12 Nguyễn Trung Trực, phường Vĩnh Thanh Vân');
  await page.fill('[name=period]', 'Từ ngày 05/3/2012 đến nay');
  await page.check('[name=status][value=single]');
  await page.check('[name=purpose][value=marriage]');
}

/** Chooses the desk of Vĩnh Thanh Vân by a few letters without marks. */
export async function chooseDesk(page, code = APPRAISAL) {
  await open(page, `/nop/${code}`);
  await page.fill('main [name=q]', 'vinh thanh van');
  await press(page, page.locator('main form.mc-field button'));
  await page.check(`[name=desk][value="${DESK}"]`);
  await press(page, next(page));
}

/** Tracking number and PIN of a receipt. */
export async function numbers(page) {
  const tracking = (await page.locator('.mc-done .mc-code').innerText()).trim();
  const pin = (await page.locator('.mc-slip .mc-big.mc-code').innerText()).replace(/\s/g, '');
  check(/^[0-9A-Z]{5}-[0-9A-Z]{6}$/.test(tracking), `a tracking number is not ${tracking}`);
  check(/^\d{8}$/.test(pin), `a PIN is not ${pin}`);
  return { tracking, pin };
}

/** Files an application without looking at each page; `/nop` to the receipt. */
export async function file(page, name) {
  await chooseDesk(page);
  await fillApplicant(page, name);
  await press(page, next(page));
  await fillMarital(page, name);
  await press(page, next(page));
  await page.setInputFiles('[name=paper_1]', picture('tờ khai.png'));
  await press(page, next(page));
  await page.check('[name=delivery][value=counter]');
  await press(page, next(page));
  await page.check('[name=declare]');
  await press(page, next(page));
  return numbers(page);
}

/** What the page of a case says later on, in the session that a PIN opened. */
export async function still(page, { tracking }, ...words) {
  await open(page, `/theo-doi/${tracking}`);
  await says(page, ...words);
}

/** Opens a case with its number and PIN and checks what it says; tries are limited by address. */
export async function follow(page, { tracking, pin }, ...words) {
  await open(page, '/theo-doi');
  await page.fill('main [name=ma]', tracking);
  await page.fill('main [name=pin]', pin);
  await press(page, next(page));
  await says(page, ...words);
}

/** An officer of the demo, signed in with name and password. */
export async function officer(journey, login, options) {
  const page = await journey.person(options);
  await open(page, '/dang-nhap');
  const form = page.locator('.mc-gate .mc-card form');
  await form.locator('[name=name]').fill(login);
  await form.locator('[name=password]').fill(PASSWORD);
  await press(page, form.locator('button[type=submit]'));
  check(page.url().includes('/noi-lam-viec'), `${login} was led to ${page.url()}`);
  return page;
}

/** Opens the case of an applicant from the worklist: by a list of the side, then the line. */
export async function caseOf(page, name, tracking) {
  await open(page, `/noi-lam-viec/tim?q=${encodeURIComponent(tracking ?? name)}`);
  const line = page.locator('main tr', { hasText: name }).first();
  await press(page, line.locator('a').first());
  await says(page, name);
  return new URL(page.url()).pathname;
}

/** The button of an act on the case page. */
export const act = (page, action) => page.locator(`.mc-bar a[href*="/lam/${action}"]`).first();

/** Opens an act's page, fills it, sends it. `outcome` names the button of a task. */
export async function perform(page, address, action, fill = async () => {}, outcome = '') {
  await open(page, address);
  await press(page, act(page, action));
  await fill(page);
  const one = outcome === '' ? '' : `[name=outcome][value="${outcome}"]`;
  await press(page, page.locator(`main form .mc-acts button${one}`).first());
}
