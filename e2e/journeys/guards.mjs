// What must not happen: a wrong PIN told from an unknown code, a foreign officer at a case, two people
// doing one act.
import { check } from '../lib/journey.mjs';
import * as step from '../lib/steps.mjs';

async function tried(page, tracking, pin) {
  await step.open(page, '/theo-doi');
  await page.fill('main [name=ma]', tracking);
  await page.fill('main [name=pin]', pin);
  await step.press(page, step.next(page), 422);
  return (await step.said(page)).replaceAll(tracking, '');
}

export async function run(journey) {
  const citizen = await journey.person();
  const name = step.someone();
  const numbers = await step.file(citizen, name);
  const stranger = await journey.person();
  const wrong = await tried(stranger, numbers.tracking, numbers.pin === '00000000' ? '11111111' : '00000000');
  await journey.look(stranger, 'wrong-pin');
  const unknown = await tried(stranger, 'AAAAA-BBBBBB', '00000000');
  check(wrong === unknown, 'a wrong PIN and an unknown code get one page');
  await step.open(stranger, `/theo-doi/${numbers.tracking}`, 403);
  await journey.look(stranger, 'closed');

  const one = await step.officer(journey, 'vtv-mot-cua');
  const address = await step.caseOf(one, name, numbers.tracking);
  const two = await step.officer(journey, 'vtv-phu-trach');
  await step.open(one, `${address}/lam/accept`);
  await step.open(two, `${address}/lam/accept`);
  await step.press(one, step.next(one));
  await step.press(two, step.next(two), 409);
  await step.says(two, 'Tiếp nhận', 'Huỳnh Thị Cẩm Tiên');
  await journey.look(two, 'second-officer');
  await step.press(two, two.locator('main a.mc-btn'));
  await step.says(two, name);

  const foreign = await step.officer(journey, 'tnmt-chuyen-vien');
  await step.open(foreign, address, 404);
  await journey.look(foreign, 'foreign-case');
  await step.open(foreign, '/noi-lam-viec/ho-so/00000000-0000-0000-0000-000000000000', 404);
}
