// The product under test: `cargo xtask dev` with its own state, started once for all files.

import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
/** Everything that these tests write. */
export const target = join(root, 'target/browser');
/** What one run keeps: runs beside each other must not share the state of a product. */
const PREFIX = 'run-';

/** What `cargo xtask dev` prints, and what it remembers of the demo workspace. */
export interface Product {
  url: string;
  /** The sandbox: phones at `/`, its controls below `/control`. */
  sandbox: string;
  /** API key with every scope. */
  key: string;
  /** The printed links; each works once. */
  links: { admin: string; member: string };
  /** The printed line, ready for a shell. */
  curl: string;
  /** Member ids by login. */
  members: Record<string, string>;
}

/** The first start builds; then it takes seconds. */
const PATIENCE_MS = 20 * 60_000;

/** A product that nobody has set up yet. */
export interface Empty {
  url: string;
  sandbox: string;
  /** What the set-up page asks for. */
  token: string;
}

/** Starts one beside the product of all tests, for who begins from nothing. */
export async function startEmpty(): Promise<{ empty: Empty; stop: () => Promise<void> }> {
  const dir = join(target, `${PREFIX}${process.pid}`, 'empty');
  const { printed, stop } = await run(dir, ['--empty'], /^ *Token +\S+$/m, !process.env.FAST);
  const find = finder(printed);
  return {
    empty: {
      url: new URL(find(/^ *Set up +(http\S+)/m)).origin,
      sandbox: find(/^ *Phones +(http\S+)/m),
      token: find(/^ *Token +(\S+)/m),
    },
    stop,
  };
}

/** Starts it, with state and logs in a directory of this run, and waits until it is ready. `stop` ends it all. */
export async function start(): Promise<{ product: Product; dir: string; stop: () => Promise<void> }> {
  await sweep();
  const dir = join(target, `${PREFIX}${process.pid}`);
  // The line for curl is the last thing printed.
  const { printed, stop } = await run(dir, [], /^curl [^]*\}'$/m, !process.env.FAST);
  try {
    const kept = JSON.parse(await readFile(join(dir, 'state/demo.json'), 'utf8'));
    return { product: { ...read(printed), ...kept }, dir, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `cargo xtask dev` in a directory of its own, on ports of its own, until it has printed `ready`. */
async function run(dir: string, more: string[], ready: RegExp, release: boolean): Promise<{ printed: string; stop: () => Promise<void> }> {
  await mkdir(dir, { recursive: true });
  const [port, sandbox, smtp] = await freePorts(3);
  const words = ['xtask', 'dev', '--no-open', '--fresh', '--dir', dir, ...more];
  if (release) words.push('--release');
  words.push('--port', `${port}`, '--sandbox-port', `${sandbox}`, '--smtp-port', `${smtp}`);
  const child = spawn('cargo', words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let wanted = false;
  child.once('exit', (code, signal) => {
    if (!wanted) console.error(`The product ended before the tests did (${signal ?? code}); its logs are in ${dir}.`);
  });
  const stop = () => {
    wanted = true;
    return end(child);
  };
  try {
    return { printed: await untilReady(child, join(dir, 'printed.log'), ready), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Reads the addresses out of what was printed. */
function read(printed: string): Omit<Product, 'key' | 'members'> {
  const find = finder(printed);
  return {
    url: find(/^ *Product +(http\S+)/m),
    sandbox: find(/^ *Phones +(http\S+)/m),
    links: { admin: find(/^ *admin +(http\S+)/m), member: find(/^ *member +(http\S+)/m) },
    curl: find(/^(curl [^]*?\}')$/m),
  };
}

function finder(printed: string): (pattern: RegExp) => string {
  return (pattern) => {
    const found = pattern.exec(printed)?.[1];
    if (found === undefined) throw new Error(`${pattern} is not in what \`cargo xtask dev\` printed:\n${printed}`);
    return found;
  };
}

/** Takes away what ended runs left. The last one's logs stay until the next run. */
async function sweep(): Promise<void> {
  for (const name of await readdir(target).catch(() => [])) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length)) : NaN;
    if (Number.isInteger(pid) && !isAlive(pid)) await rm(join(target, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function untilReady(child: ChildProcess, file: string, ready: RegExp): Promise<string> {
  const log = createWriteStream(file);
  let printed = '';
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`The product did not start.\n${printed}`)), PATIENCE_MS);
    const settle = (outcome: () => void) => {
      clearTimeout(late);
      outcome();
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data: Buffer) => {
        log.write(data);
        printed += data;
        if (ready.test(printed)) settle(() => resolve(printed));
      });
    }
    child.once('error', (error) => settle(() => reject(error)));
    child.once('exit', (code) => settle(() => reject(new Error(`\`cargo xtask dev\` ended with ${code}.\n${printed}`))));
  });
}

/** It ends its own children at SIGTERM. */
function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** Ports that are free at this moment; all are held until the last is found, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const held = await Promise.all(
    Array.from({ length: count }, () => new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
      const server = createServer();
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => resolve(server));
    })),
  );
  const ports = held.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
