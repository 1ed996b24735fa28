// A citizen opens the first page, finds the search box by its label and looks for a procedure.
import { check } from '../lib/journey.mjs';

export async function run(journey) {
  const page = await journey.person();
  const answer = await page.goto(journey.home);
  check(answer.status() === 200, `the first page answered ${answer.status()}`);
  check((await page.locator('h1').count()) === 1, 'the first page has exactly one h1');
  await journey.look(page, 'home');

  const box = page.getByRole('searchbox').or(page.locator('input[name="q"]')).first();
  await box.fill('khai sinh');
  check((await box.inputValue()) === 'khai sinh', 'the search box takes what is typed');
  await page.keyboard.press('Tab');
  const moved = await page.evaluate(() => document.activeElement?.tagName !== 'BODY');
  check(moved, 'the keyboard leads on from the search box');

  const plain = await journey.person({ script: false });
  await plain.goto(journey.home);
  await journey.look(plain, 'home-without-script');
}
