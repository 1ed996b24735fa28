// The public pages and the officers' pages in English.
import { check } from '../lib/journey.mjs';
import * as step from '../lib/steps.mjs';

const PUBLIC = {
  home: '/',
  search: '/thu-tuc?q=birth',
  procedure: `/thu-tuc/${step.APPRAISAL}`,
  desks: `/nop/${step.APPRAISAL}`,
  follow: '/theo-doi',
  help: '/tro-giup',
  access: '/ho-tro-nguoi-khuyet-tat',
  privacy: '/du-lieu-ca-nhan',
  figures: '/so-lieu',
  data: '/du-lieu-mo',
};
const OFFICE = {
  worklist: '/noi-lam-viec',
  counter: `/noi-lam-viec/quay?tt=${step.APPRAISAL}`,
  handover: '/noi-lam-viec/tra-ket-qua',
  sessions: '/noi-lam-viec/phien',
  password: '/noi-lam-viec/mat-khau',
};

async function pages(journey, page, all) {
  for (const [name, address] of Object.entries(all)) {
    const joined = address.includes('?') ? '&' : '?';
    await step.open(page, `${address}${joined}lang=en`);
    check((await page.locator('html').getAttribute('lang')) === 'en', `${name} is in English`);
    check((await page.locator('h1').count()) === 1, `${name} has one h1`);
    await journey.look(page, name);
  }
}

export async function run(journey) {
  await pages(journey, await journey.person({ lang: 'en-GB' }), PUBLIC);
  await pages(journey, await step.officer(journey, 'vtv-mot-cua', { lang: 'en-GB' }), OFFICE);
}
