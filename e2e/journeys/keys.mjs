// Reception by the keyboard alone, with every key counted: a walk-in of a known person takes at most
// ten keys beside the data, one with every option changed by hand at most twenty-five.
import { check } from '../lib/journey.mjs';
import * as step from '../lib/steps.mjs';

/** Most keys beyond what is typed about the person. */
const KNOWN_MOST = 10;
const CHANGED_MOST = 25;
/** Initials of the certificate of marital status, as an officer types them. */
const INITIALS = 'xntthn';

/** A keyboard that counts: keys, and characters of data beside them. */
class Keys {
  count = 0;
  #page;

  constructor(page) {
    this.#page = page;
  }

  /** A key that changes nothing but the focus or the choice. */
  async press(name) {
    this.count += 1;
    await this.#page.keyboard.press(name);
  }

  /** A key that brings another page. */
  async go(name, status = 200) {
    this.count += 1;
    await step.press(this.#page, { click: () => this.#page.keyboard.press(name) }, status);
  }

  /** Letters by which a procedure is found: they count as keys. */
  async letters(text) {
    this.count += text.length;
    await this.#page.keyboard.type(text);
  }

  /** What the person says: data. */
  async data(text) {
    await this.#page.keyboard.type(text);
  }

  /** Tab until a field has the focus. */
  async tabTo(selector, most = 30) {
    for (let n = 0; n <= most; n += 1) {
      if (await this.#page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
      await this.press('Tab');
    }
    throw new Error(`the keyboard does not reach ${selector}`);
  }
}

const focus = (page, selector) =>
  page.waitForFunction((wanted) => document.activeElement?.matches(wanted), selector);

/** An identity number that no other run has: the check of the counter looks at digits only. */
function numberOf() {
  const digits = String(Math.floor(Math.random() * 1e9)).padStart(9, '0');
  return `091${digits}`;
}

/** The first time somebody comes, everything is typed. */
async function firstTime(journey, page, name, number) {
  await step.open(page, '/noi-lam-viec/quay');
  const keys = new Keys(page);
  await keys.letters(INITIALS.slice(0, 5));
  await keys.go('Enter');
  await journey.look(page, 'found');
  await step.says(page, 'Tìm thấy khi gõ');
  await focus(page, '[name=number]');
  await keys.data(number);
  await keys.tabTo('[name=name]');
  await keys.data(name);
  await keys.go('F4');
  await step.says(page, 'Đã lưu nháp lúc');
  await keys.go('F9');
  await step.says(page, 'Hẹn trả');
}

/** The slip opens beside the page by its key, ready to be printed. */
async function prints(page, keys) {
  const [slip] = await Promise.all([
    page.context().waitForEvent('request', (asked) => asked.url().endsWith('/mau-01.pdf')),
    keys.press('I'),
  ]);
  check(slip.url().includes('/ho-so/'), 'the slip is that of the case');
  for (const other of page.context().pages()) if (other !== page) await other.close();
  await page.bringToFront();
}

/** A walk-in of somebody who was here before. */
async function known(journey, page, name, number) {
  await page.goto('/noi-lam-viec');
  const keys = new Keys(page);
  await keys.go('F2');
  await keys.letters(INITIALS.slice(0, 4));
  await keys.go('Enter');
  await focus(page, '[name=number]');
  await keys.data(number);
  await keys.go('Enter');
  await step.says(page, 'Đã từng nộp hồ sơ');
  check((await page.inputValue('[name=name]')) === name, 'the known person is filled in');
  await journey.look(page, 'known');
  await keys.go('F4');
  await keys.go('F9');
  await step.says(page, 'Hẹn trả');
  await prints(page, keys);
  check(keys.count <= KNOWN_MOST, `a known person takes ${keys.count} keys, not at most ${KNOWN_MOST}`);
  return keys.count;
}

/** The same with every option changed by hand: papers one by one, another way to pay and to return. */
async function changed(page, number) {
  await page.goto('/noi-lam-viec');
  const keys = new Keys(page);
  await keys.go('F2');
  await keys.letters(INITIALS.slice(0, 4));
  await keys.go('Enter');
  await keys.data(number);
  await keys.go('Enter');
  const boxes = await page.locator('[data-digit]').count();
  check(boxes > 0, 'papers have digits');
  for (let n = 1; n <= boxes; n += 1) await keys.press(String(n));
  check((await page.locator('[data-digit]:checked').count()) === boxes, 'each digit ticks its paper');
  await keys.press('G');
  await keys.press('ArrowDown');
  await keys.press('ArrowDown');
  check(await page.isChecked('[name=delivery][value=post]'), 'the result goes by post');
  if ((await page.locator('[name=pay]').count()) > 0) {
    await keys.press('P');
    await keys.press('ArrowDown');
    check(await page.isChecked('[name=pay][value=transfer]'), 'the fee is transferred');
  }
  await keys.go('F9');
  await step.says(page, 'Hẹn trả');
  check(keys.count <= CHANGED_MOST, `all options by hand take ${keys.count} keys`);
  return keys.count;
}

/** What was begun is there after the browser was closed, without anything pressed. */
async function interrupted(journey, name) {
  const page = await step.officer(journey, 'vtv-mot-cua');
  await step.open(page, `/noi-lam-viec/quay?tt=${step.APPRAISAL}`);
  await page.fill('[name=name]', name);
  await page.setInputFiles('[name=file_1]', step.picture('don.png'));
  await page.waitForFunction(() => document.querySelector('[data-part=kept]').textContent.includes('Đã lưu'));
  await step.says(page, 'don.png');
  check((await page.inputValue('[name=nhap]')) !== '', 'the slot is known');
  await page.close();
  const again = await step.officer(journey, 'vtv-mot-cua');
  await step.open(again, '/noi-lam-viec/quay');
  await step.says(again, 'Đang làm dở', name, '1 tệp');
  await journey.look(again, 'begun');
  await step.press(again, again.locator('main .mc-queue a', { hasText: 'hôn nhân' }).first());
  check((await again.inputValue('[name=name]')) === name, 'what was typed is there');
  await step.says(again, 'don.png');
  await journey.look(again, 'resumed');
  await again.keyboard.press('Escape');
  await step.press(again, { click: () => again.keyboard.press('F4') });
  await step.press(again, { click: () => again.keyboard.press('F9') });
  await step.press(again, { click: () => again.keyboard.press('T') });
  await step.says(again, 'cùng một người');
  await again.keyboard.type(INITIALS.slice(0, 4));
  await step.press(again, { click: () => again.keyboard.press('Enter') });
  check((await again.inputValue('[name=name]')) === name, 'the same person again');
  await step.press(again, { click: () => again.keyboard.press('F4') });
  await step.press(again, { click: () => again.keyboard.press('F9') });
  await step.says(again, 'Hồ sơ khác của người này');
  await journey.look(again, 'same-person');
}

export async function run(journey) {
  const page = await step.officer(journey, 'vtv-mot-cua');
  const [name, number] = [step.someone(), numberOf()];
  await firstTime(journey, page, name, number);
  const few = await known(journey, page, name, number);
  const many = await changed(page, number);
  await interrupted(journey, step.someone());
  console.log(`  keys: a known person ${few}, all by hand ${many}`);
}
