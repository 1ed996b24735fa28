// The administrator writes a draft of a process: a step added, a fault shown, undone, thrown away.
import { check } from '../lib/journey.mjs';
import * as step from '../lib/steps.mjs';

const HOME = '/noi-lam-viec/quy-trinh';
const button = (page, act) => page.locator(`button[name=lam][value=${act}]`).first();

export async function run(journey) {
  const page = await step.officer(journey, 'tinh-quan-tri');
  await step.open(page, HOME);
  await journey.look(page, 'list');
  await step.open(page, `${HOME}/ban/appraisal/1`);
  await journey.look(page, 'version');
  await step.press(page, page.locator('button[name=tu][value=ban]'));
  const draft = new URL(page.url()).pathname;
  await journey.look(page, 'draft');

  await step.open(page, `${draft}?buoc=appraise`);
  await journey.look(page, 'step');
  await page.locator('#i-name').fill('Kiểm tra thực địa');
  await page.locator('#i-kind').selectOption('user:field');
  await page.locator('#i-unit').selectOption('working-days');
  await page.locator('#i-value').fill('2');
  await step.press(page, button(page, 'insert'));
  await step.says(page, 'Thêm bước “Kiểm tra thực địa”', '2 ngày làm việc');
  check((await page.locator('.bpmn-diagram').innerHTML()).includes('thực địa'), 'the diagram shows it');

  await page.locator('#t-unit').selectOption('share');
  await page.locator('#t-value').fill('300');
  await step.press(page, button(page, 'time'), 422);
  await journey.look(page, 'fault');
  await step.open(page, draft);
  await step.press(page, button(page, 'undo'));
  await step.says(page, 'Đã hoàn tác');

  await step.open(page, `${draft}/cong-bo`);
  await journey.look(page, 'publish');
  await step.open(page, `${HOME}/moi`);
  await journey.look(page, 'begin');
  await step.open(page, draft);
  await page.locator('#khac-nua').scrollIntoViewIfNeeded();
  await page.locator('summary', { hasText: 'Bỏ bản nháp' }).click();
  await page.locator('#z-sure').check();
  await step.press(page, button(page, 'discard'));
  await step.says(page, 'Đã bỏ bản nháp');
}
