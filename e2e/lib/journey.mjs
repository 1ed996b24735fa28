// What a journey works with: people with browsers of their own, and a careful look at each page.
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const HEIGHT = 900;
const STEP_MS = 15_000;
/** The rules that must hold on every page: WCAG 2.2, levels A and AA. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** What a page brings along; all of it must be there. */
const PARTS = ['stylesheet', 'script', 'image', 'font'];
/** A refused form answers 422 and a foreign code 404; the browser calls that an error, we do not. */
const EXPECTED_NOISE = [/^Failed to load resource: the server responded with a status of 4\d\d/];

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Fails with a sentence that names what was expected. */
export function check(holds, sentence) {
  if (!holds) throw new Error(sentence);
}

export class Journey {
  #browser;
  #contexts = [];
  #noise = [];
  #looks = 0;

  constructor(browser, { name, width, base, home, out }) {
    this.#browser = browser;
    this.name = name;
    this.width = width;
    this.base = base;
    this.home = home;
    this.out = out;
  }

  /** A page in a browser of its own: other cookies, another person. `script: false` turns scripts off. */
  async person({ script = true, lang = 'vi-VN' } = {}) {
    const context = await this.#browser.newContext({
      baseURL: this.base,
      viewport: { width: this.width, height: HEIGHT },
      locale: lang,
      timezoneId: 'Asia/Ho_Chi_Minh',
      javaScriptEnabled: script,
      acceptDownloads: true,
    });
    this.#contexts.push(context);
    context.setDefaultTimeout(STEP_MS);
    // An init script is not subject to the page's own policy, so the policy itself stays under test.
    if (script) await context.addInitScript({ content: axe });
    const page = await context.newPage();
    page.on('pageerror', (error) => this.#noise.push(`script error: ${error.message}`));
    page.on('console', (message) => {
      const text = message.text();
      if (message.type() === 'error' && !EXPECTED_NOISE.some((known) => known.test(text))) {
        this.#noise.push(`console: ${text} (${message.location().url})`);
      }
    });
    page.on('response', (answer) => {
      const part = PARTS.includes(answer.request().resourceType());
      if (answer.status() >= (part ? 400 : 500)) {
        this.#noise.push(`${answer.status()} from ${answer.url()}`);
      }
    });
    return page;
  }

  /** Photographs a page and checks it: a title, a language, no sideways scrolling, axe. */
  async look(page, what) {
    await page.waitForLoadState('load');
    this.#looks += 1;
    const number = String(this.#looks).padStart(2, '0');
    const file = join(this.out, `${this.name}-${this.width}-${number}-${what}`);
    await page.screenshot({ path: `${file}.png`, fullPage: true });
    check((await page.title()).trim() !== '', `${what}: the page has no title`);
    const lang = await page.locator('html').getAttribute('lang');
    check(['vi', 'en', 'km'].includes(lang), `${what}: html lang is ${lang}`);
    const runsScripts = await page.evaluate(() => typeof window.axe !== 'undefined').catch(() => false);
    if (!runsScripts) return;
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    check(overflow <= 0, `${what}: ${overflow} px too wide at ${this.width}`);
    const found = await page.evaluate(
      (values) => window.axe.run(document, { runOnly: { type: 'tag', values } }),
      RULES,
    );
    if (found.violations.length === 0) return;
    await writeFile(`${file}.axe.json`, JSON.stringify(found.violations, null, 2));
    const lines = found.violations.map((violation) => {
      const where = violation.nodes.slice(0, 3).map((node) => node.target.join(' '));
      return `  ${violation.id} (${violation.impact}): ${violation.help}: ${where.join(' | ')}`;
    });
    throw new Error(`${what}: axe\n${lines.join('\n')}`);
  }

  /** What the browsers complained about on the way. */
  get noise() {
    return this.#noise;
  }

  /** How many pages were looked at. */
  get looks() {
    return this.#looks;
  }

  /** The page of each person as it stood when a step failed. */
  async photographFailure() {
    for (const [index, context] of this.#contexts.entries()) {
      const page = context.pages().at(-1);
      const path = join(this.out, `${this.name}-${this.width}-failed-${index + 1}.png`);
      await page?.screenshot({ path, fullPage: true }).catch(() => null);
    }
  }

  async close() {
    for (const context of this.#contexts) await context.close();
  }
}
