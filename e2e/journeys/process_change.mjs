// A changed process: tried on past cases and by a simulation, published, and running cases moved to it and back.
import { check } from '../lib/journey.mjs';
import * as step from '../lib/steps.mjs';

const HOME = '/noi-lam-viec/quy-trinh';
/** Each width changes a process of its own, none that other journeys go through. */
const PROCESS = { 360: 'field_check', 1280: 'financial_duty' };
const ROUNDS = 60;
const PAUSE_MS = 500;

const button = (page, act) => page.locator(`button[name=lam][value=${act}]`).first();

/** Opens an address again and again until a control or text is there: work goes on behind the page. */
async function until(page, address, there, what) {
  for (let round = 0; round < ROUNDS; round += 1) {
    await step.open(page, address);
    if ((await there().count()) > 0) return;
    await page.waitForTimeout(PAUSE_MS);
  }
  throw new Error(`${what}: not there after ${(ROUNDS * PAUSE_MS) / 1000} s`);
}

async function tried(journey, page, draft) {
  await step.open(page, `${draft}/thu`);
  await journey.look(page, 'trial');
  await step.press(page, button(page, 'replay'));
  await until(page, `${draft}/thu`, () => page.locator('#chay-lai ~ p.mc-muted, #chay-lai ~ table'), 'the replay');
  await journey.look(page, 'replayed');
  await step.open(page, `${draft}/thu/kich-ban`);
  await page.getByLabel('Hồ sơ mỗi ngày làm việc').fill('5');
  await page.getByLabel('Số hồ sơ mô phỏng').fill('2000');
  await journey.look(page, 'scenario');
  await step.press(page, page.locator('main form button[type=submit]').last());
  await until(page, `${draft}/thu`, () => page.locator('main svg'), 'the simulation');
  check((await page.locator('main table').count()) > 0, 'each chart has its table');
  await journey.look(page, 'simulated');
}

async function moved(journey, page, name) {
  await step.open(page, `${HOME}/ban/${name}/1/chuyen-ho-so`);
  await journey.look(page, 'migrations');
  await step.press(page, page.locator('main form button[type=submit]').first());
  const migration = new URL(page.url()).pathname;
  await journey.look(page, 'plan');
  await step.press(page, button(page, 'check'));
  await until(page, migration, () => button(page, 'apply'), 'the dry run');
  await journey.look(page, 'checked');
  await step.press(page, button(page, 'apply'), 422);
  await page.locator('[name=reason]').fill('Rút gọn một bước');
  await page.locator('[name=ground]').fill('Quyết định 12/QĐ-UBND');
  await page.locator('[name=sure]').check();
  await step.press(page, button(page, 'apply'));
  await until(page, migration, () => page.locator('#chuyen-lai'), 'the move');
  await journey.look(page, 'moved');
}

export async function run(journey) {
  const name = PROCESS[journey.width];
  const page = await step.officer(journey, 'tinh-quan-tri');
  await step.open(page, `${HOME}/ban/${name}/1`);
  await step.press(page, page.locator('button[name=tu][value=ban]'));
  const draft = new URL(page.url()).pathname;
  await step.open(page, `${draft}?buoc=assign`);
  await page.locator('#i-name').fill('Rà soát hồ sơ');
  await page.locator('#i-kind').selectOption('user:review');
  await step.press(page, button(page, 'insert'));
  await tried(journey, page, draft);
  await step.open(page, `${draft}/cong-bo`);
  for (const [part, value] of [['d', '25'], ['m', '4'], ['y', '2019']]) {
    await page.locator(`input[name=from-${part}]`).fill(value);
  }
  await page.locator('[name=ground]').fill('Quyết định 12/QĐ-UBND');
  await journey.look(page, 'publish');
  await step.press(page, page.locator('main form button[type=submit]').last());
  await journey.look(page, 'published');
  await moved(journey, page, name);
}
