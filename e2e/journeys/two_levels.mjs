// The province with two levels: local filing is closed, and cases come from the national portal.
import { check } from '../lib/journey.mjs';
import * as step from '../lib/steps.mjs';

export const args = ['--at', '2026-10-08'];

export async function run(journey) {
  const page = await journey.person();
  await step.open(page, '/');
  check((await page.content()).includes('An Giang'), 'the province is An Giang');
  await journey.look(page, 'home');
  await step.open(page, `/thu-tuc/${step.APPRAISAL}`);
  await step.says(page, 'Cổng Dịch vụ công quốc gia');
  check((await page.locator(`a[href="/nop/${step.APPRAISAL}"]`).count()) === 0, 'no filing here');
  await journey.look(page, 'procedure');
  await page.goto(`/nop/${step.APPRAISAL}`);
  await step.says(page, 'Cổng Dịch vụ công quốc gia');
  await journey.look(page, 'closed');
  await fromNational(journey);
}

/** One of the desks has a case that came from the national portal, and can take it. */
async function fromNational(journey) {
  for (const login of ['ag-rach-gia-mot-cua', 'ag-long-xuyen-mot-cua', 'ag-trung-tam-mot-cua']) {
    const desk = await step.officer(journey, login);
    await step.open(desk, '/noi-lam-viec');
    await journey.look(desk, `${login}-worklist`);
    const lines = desk.locator('main tbody tr a.mc-code');
    if ((await lines.count()) === 0) continue;
    await step.press(desk, lines.first());
    await step.says(desk, 'Cổng Dịch vụ công quốc gia');
    await journey.look(desk, 'case');
    return;
  }
  throw new Error('no desk has a case of the national portal');
}
