// Starts the program on a fresh data folder, or serves a folder of plain pages, and stops it again.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createServer as createSocket } from 'node:net';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';

const START_SECONDS = 180;
const STOP_SECONDS = 10;
const POLL_MS = 200;

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A port that is free now. */
function freePort() {
  return new Promise((resolve, reject) => {
    const socket = createSocket();
    socket.once('error', reject);
    socket.listen(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

/** Runs `BIN demo` and waits for its first page. The answer has `base` and `stop()`. */
export async function startProgram(bin, { cases, args = [] }) {
  const data = await mkdtemp(join(tmpdir(), 'motcua-e2e-'));
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const listen = ['demo', '--data', data, '--listen', `127.0.0.1:${port}`, '--cases', `${cases}`];
  const child = spawn(bin, [...listen, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [];
  const keep = (chunk) => {
    said.push(chunk.toString());
    if (said.length > 200) said.shift();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let ended = null;
  child.once('exit', (code, signal) => (ended = `code ${code}, signal ${signal}`));
  child.once('error', (error) => (ended = error.message));
  const stop = async () => {
    if (ended === null) child.kill('SIGTERM');
    for (let ms = 0; ended === null && ms < STOP_SECONDS * 1000; ms += POLL_MS) await wait(POLL_MS);
    if (ended === null) child.kill('SIGKILL');
    await rm(data, { recursive: true, force: true });
  };
  for (let ms = 0; ms < START_SECONDS * 1000; ms += POLL_MS) {
    if (ended !== null) {
      await stop();
      throw new Error(`the program ended (${ended}):\n${said.join('')}`);
    }
    const answer = await fetch(base, { redirect: 'manual' }).catch(() => null);
    if (answer !== null && answer.status < 500) return { base, stop, said: () => said.join('') };
    await wait(POLL_MS);
  }
  await stop();
  throw new Error(`no page after ${START_SECONDS} s:\n${said.join('')}`);
}

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
};

/** Serves a folder under a strict content security policy: to try the harness without the program. */
export async function serveFolder(folder) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://127.0.0.1').pathname);
    const file = normalize(path.endsWith('/') ? `${path}index.html` : path);
    try {
      const body = await readFile(join(folder, file));
      response.writeHead(200, {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        'content-security-policy':
          "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; form-action 'self'",
      });
      response.end(body);
    } catch {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' });
      response.end('not found');
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${server.address().port}`;
  const stop = () => new Promise((resolve) => server.close(resolve));
  return { base, stop, said: () => '' };
}
