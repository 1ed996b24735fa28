// The pages of those who do not handle cases: the post, the auditor, the administrator, the monitor.
import * as step from '../lib/steps.mjs';

const PAGES = {
  'tinh-buu-chinh': ['/noi-lam-viec', '/noi-lam-viec/tra-ket-qua', '/noi-lam-viec/quay'],
  'tinh-thanh-tra': ['/noi-lam-viec/nhat-ky-truy-cap', '/noi-lam-viec/tim?q=nguyen'],
  'tinh-quan-tri': ['/noi-lam-viec/hop-thu-di', '/noi-lam-viec/nhat-ky-truy-cap'],
  'tinh-theo-doi': ['/noi-lam-viec', '/noi-lam-viec/tim?q=nguyen'],
};

export async function run(journey) {
  for (const [login, pages] of Object.entries(PAGES)) {
    const page = await step.officer(journey, login);
    for (const [index, address] of pages.entries()) {
      await step.open(page, address);
      await journey.look(page, `${login}-${index + 1}`);
    }
  }
}
