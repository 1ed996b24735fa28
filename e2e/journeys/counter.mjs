// The counter with the keyboard: a walk-in whose case goes on to the ward, a wrong entry, and a birth
// registration that is settled and handed over at once.
import { check } from '../lib/journey.mjs';
import * as step from '../lib/steps.mjs';

/** Moves by Tab until a field has the focus. */
async function tabTo(page, selector, most = 60) {
  for (let n = 0; n < most; n += 1) {
    const here = await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector);
    if (here) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

/** Presses a key and waits for the page that it brings. */
async function key(page, name, status = 200) {
  await step.press(page, { click: () => page.keyboard.press(name) }, status);
}

async function chooses(journey, page, words, name) {
  await step.open(page, '/noi-lam-viec');
  await key(page, 'F2');
  await tabTo(page, 'main [name=q]');
  await page.keyboard.type(words);
  await key(page, 'Enter');
  await step.says(page, 'Tìm thấy khi gõ');
  await journey.look(page, `${name}-found`);
}

/** A wrong birth year comes back with the entries kept; then the case is taken with F9. */
async function walkIn(journey, page, name) {
  await chooses(journey, page, 'tinh trang hon nhan', 'counter');
  await tabTo(page, '[name=name]');
  await page.keyboard.type(name);
  await tabTo(page, '[name=born-y]');
  await page.keyboard.type('1850');
  await journey.look(page, 'counter');
  await key(page, 'F9', 422);
  check((await page.inputValue('[name=name]')) === name, 'the name is kept');
  check((await page.locator('.mc-errs a').count()) > 0, 'the summary names what is wrong');
  await journey.look(page, 'counter-wrong');
  await page.fill('[name=born-y]', '1961');
  await key(page, 'F4');
  check(await page.isChecked('[name=papers][value="1"]'), 'F4 ticks the papers');
  await key(page, 'F9');
  await journey.look(page, 'counter-done');
  await step.says(page, 'Mã bí mật', 'Hẹn trả');
  const slip = page.locator('main a[href$="/mau-01.pdf"]');
  const pdf = await page.request.get(await slip.getAttribute('href'));
  check((await pdf.body()).subarray(0, 4).toString() === '%PDF', 'form 01 is a PDF');
  const stub = await page.request.get(await page.locator('main a[href$="/ma-bi-mat.pdf"]').getAttribute('href'));
  check((await stub.body()).subarray(0, 4).toString() === '%PDF', 'the stub of the PIN is a PDF');
  return (await page.locator('main .mc-big a.mc-code').innerText()).trim();
}

/** What can be given at once gets no slip. */
async function atOnce(journey, page, name) {
  await step.open(page, `/noi-lam-viec/quay?tt=${step.AT_ONCE}`);
  await page.fill('[name=name]', name);
  await page.fill('[name=born-y]', '1994');
  await key(page, 'F4');
  await page.check('[name=settle]');
  await journey.look(page, 'at-once');
  await key(page, 'F9');
  await journey.look(page, 'at-once-done');
  check((await page.locator('main a[href$="/mau-01.pdf"]').count()) === 0, 'no slip for what is given at once');
  await key(page, 'F9');
  await step.press(page, step.next(page));
  await step.open(page, `/noi-lam-viec/tim?q=${encodeURIComponent(name)}`);
  await step.says(page, name);
  await journey.look(page, 'search');
}

/** Certified copies: the fee is seen, then taken; the book gives the number. */
async function copies(journey, page) {
  await step.open(page, '/noi-lam-viec/quay/ngay');
  await page.keyboard.type(step.someone());
  await page.fill('[name=copies]', '3');
  await page.fill('[name=pages]', '4');
  await key(page, 'Enter');
  await step.says(page, 'Thu 18.000');
  await journey.look(page, 'copies');
  await key(page, 'F9');
  await step.says(page, 'thu 18.000');
  check(/số \d+\/2019-SCT\/BS/.test(await step.said(page)), 'the book numbers the copies');
  await journey.look(page, 'copies-done');
}

export async function run(journey) {
  const page = await step.officer(journey, 'vtv-mot-cua');
  const code = await walkIn(journey, page, step.someone());
  check(/^\d{3}\.\d{2}\.\d{2}\.H33-190425-\d{4}$/.test(code), `a code of 2018 is not ${code}`);
  await atOnce(journey, page, step.someone());
  await copies(journey, page);
}
