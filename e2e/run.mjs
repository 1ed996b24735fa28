// Runs the browser journeys, each at the width of a phone and of a desk, and counts them.
//
//   node run.mjs --bin PATH          starts `PATH demo` on a folder of its own
//   BASE_URL=… node run.mjs          uses a server that is running
//   node run.mjs --folder DIR        serves plain pages, to try the harness
//   more: --only NAME, --cases N, --home PATH; CHROMIUM names the browser, E2E_OUT the folder of pictures
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { Journey } from './lib/journey.mjs';
import { serveFolder, startProgram } from './lib/program.mjs';

const WIDTHS = [360, 1280];
const JOURNEY_MS = 240_000;
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const here = dirname(fileURLToPath(import.meta.url));
const { values: wanted } = parseArgs({
  options: {
    bin: { type: 'string' },
    folder: { type: 'string' },
    only: { type: 'string', multiple: true },
    cases: { type: 'string', default: '60' },
    home: { type: 'string', default: '/' },
  },
});

/** The path of the browser: what the environment names, or the first that is installed. */
function browserPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of BROWSERS) {
    const found = spawnSync('which', [name], { encoding: 'utf8' });
    if (found.status === 0) return found.stdout.trim();
  }
  throw new Error('no Chromium: install the package chromium, or name it in CHROMIUM');
}

/** A server for one journey: `args` are what it wants the demo to start with. */
async function startServer(args = []) {
  if (process.env.BASE_URL) {
    return { base: process.env.BASE_URL.replace(/\/$/, ''), stop: async () => {}, said: () => '' };
  }
  if (wanted.folder) return serveFolder(resolve(wanted.folder));
  if (wanted.bin) return startProgram(resolve(wanted.bin), { cases: Number(wanted.cases), args });
  throw new Error('name a server: --bin PATH, --folder DIR, or BASE_URL in the environment');
}

async function journeys() {
  const files = (await readdir(join(here, 'journeys'))).filter((file) => file.endsWith('.mjs')).sort();
  const names = files.map((file) => file.replace('.mjs', ''));
  return wanted.only ? names.filter((name) => wanted.only.includes(name)) : names;
}

/** What a journey wants the demo to start with; an outside server cannot be asked. */
async function argsOf(name) {
  const { args = [] } = await import(`./journeys/${name}.mjs`);
  return args;
}

/** Runs one journey at one width; the answer is null, or what went wrong. */
async function travel(browser, server, name, width, out) {
  const { run } = await import(`./journeys/${name}.mjs`);
  const journey = new Journey(browser, { name, width, base: server.base, home: wanted.home, out });
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`longer than ${JOURNEY_MS} ms`)), JOURNEY_MS);
  });
  try {
    await Promise.race([run(journey), late]);
    if (journey.looks === 0) return 'it looked at no page';
    if (journey.noise.length > 0) return journey.noise.join('\n');
    return null;
  } catch (error) {
    await journey.photographFailure();
    return [error.message, ...journey.noise].join('\n');
  } finally {
    clearTimeout(timer);
    await journey.close();
  }
}

/** The journeys that share one server, each at both widths. */
async function travelAll(browser, { args, names }, out, counts) {
  const server = await startServer(args);
  const before = counts.failed;
  try {
    for (const name of names) {
      for (const width of WIDTHS) {
        const start = performance.now();
        const wrong = await travel(browser, server, name, width, out);
        const seconds = ((performance.now() - start) / 1000).toFixed(1);
        if (wrong === null) counts.passed += 1;
        else counts.failed += 1;
        console.log(`${wrong === null ? 'ok    ' : 'FAILED'} ${name} at ${width} (${seconds} s)`);
        if (wrong !== null) console.log(wrong.replace(/^/gm, '       '));
      }
    }
  } finally {
    await server.stop();
    if (counts.failed > before && server.said() !== '') console.log(`the program said last:\n${server.said()}`);
  }
}

async function main() {
  const out = process.env.E2E_OUT ?? join(here, '..', 'target', 'e2e');
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const names = await journeys();
  const counts = { passed: 0, failed: 0 };
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const options = { executablePath: browserPath(), headless: true, args: [...FLAGS, ...asRoot] };
  const browser = await chromium.launch(options);
  try {
    const groups = new Map();
    for (const name of names) {
      const args = await argsOf(name);
      if (args.length > 0 && !wanted.bin) continue;
      const key = args.join(' ');
      groups.set(key, { args, names: [...(groups.get(key)?.names ?? []), name] });
    }
    for (const group of groups.values()) await travelAll(browser, group, out, counts);
  } finally {
    await browser.close();
  }
  const { passed, failed } = counts;
  console.log(`journeys: ${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

await main().catch((error) => {
  console.log(error.message);
  console.log('journeys: 0 passed, 1 failed');
  process.exitCode = 1;
});
