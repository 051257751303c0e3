/**
 * `node local/bootstrap/run.mjs start|test|test:full|demo|demo:learning|fuzz [arguments]`: installs what is missing, then runs it on the Node
 * that the repository pins. Needs Node ≥ 20 and nothing else, so only Node's own modules are imported here.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install, installClients, pinnedNode } from './install.mjs';
import { StepFailed } from './run-step.mjs';
import { inherit, runSuites } from './suites.mjs';

const OLDEST_NODE = 20;
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** @type {Record<string, (args: string[]) => Promise<number>>} */
const commands = {
  start: (args) => inherit(root, pinnedNode(root), ['local/start.ts', ...args]),
  test: (args) => runSuites(root, { full: false, only: args }),
  'test:full': async (args) => {
    if (args.length === 0 || args.includes('full')) await installClients(root);
    return runSuites(root, { full: true, only: args });
  },
  demo: (args) => inherit(root, pinnedNode(root), ['scripts/demo.ts', ...args], runningPlatform()),
  'demo:learning': (args) =>
    inherit(root, pinnedNode(root), ['scripts/demo-learning.ts', ...args], runningPlatform()),
  fuzz: async (args) => {
    await installClients(root);
    return inherit(root, pinnedNode(root), ['scripts/fuzz.ts', ...args], runningPlatform());
  },
  install: async () => 0,
};

/**
 * Where `npm start` runs, on whatever ports, as variables.
 * @returns {Record<string, string>}
 */
function runningPlatform() {
  const file = join(root, '.local', 'platform', 'addresses.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

async function main() {
  const [name = '', ...args] = process.argv.slice(2);
  const command = commands[name];
  if (!command) {
    console.error(`Usage: node local/bootstrap/run.mjs ${Object.keys(commands).join('|')} [arguments]`);
    return 2;
  }
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    console.error(`Node ${OLDEST_NODE} or newer is needed; this is ${process.versions.node}.`);
    return 1;
  }
  if (process.platform === 'win32') {
    console.error('The embedded platform runs on Linux and macOS; on Windows use WSL.');
    return 1;
  }
  try {
    await install(root);
    return await command(args);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.error(`\n${error.message}`);
    return 1;
  }
}

process.exitCode = await main();
