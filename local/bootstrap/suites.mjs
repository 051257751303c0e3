/** Runs the test suites, the model's beside those that need no platform, and prints their total. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { countJunit, countVitest, sum } from './decide.mjs';
import { pinnedNode, venvPython } from './install.mjs';
import { elapsed } from './run-step.mjs';

/** @typedef {import('./decide.mjs').Count} Count */

const SUITES = ['unit', 'infra', 'workflow', 'model', 'integration', 'e2e'];
/** Each of these computes on about one core, so the model's suite runs beside them. The others have the machine for themselves. */
const BESIDE_MODEL = ['unit', 'infra', 'workflow'];
/** Run in one process and share its platform. `full` has a fresh one, because it counts the outcomes that start a training run. */
const SHARE_PLATFORM = ['integration', 'e2e'];
/** The tests in Python: the model, the local platform's journal, the benchmarks, the client and the AWS scripts. */
const PYTEST = [
  '-m',
  'pytest',
  '-c',
  'model/pyproject.toml',
  'model',
  'local',
  'benchmarks',
  'client',
  'scripts/aws',
  '-q',
];
/** Too slow for `npm test`. */
const FULL_SUITES = [...SUITES, 'full'];
/**
 * Names of vitest's projects that make up a suite, if they differ from its own.
 * @type {Record<string, string[]>}
 */
const PROJECTS = { full: ['full-alone', 'full-together'] };

/**
 * @param {string} root
 * @param {{ full: boolean, only: string[] }} options `only` names suites; none means all
 * @returns {Promise<number>} the exit code: 0 if something ran and nothing failed
 */
export async function runSuites(root, { full, only }) {
  const unknown = only.filter((name) => !FULL_SUITES.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no suite ${unknown.join(', ')}; there are ${FULL_SUITES.join(', ')}.`);
    return 2;
  }
  const started = Date.now();
  /** @type {Count[]} */
  const counts = [];
  const chosen = (full ? FULL_SUITES : SUITES).filter((suite) => only.length === 0 || only.includes(suite));
  const model =
    chosen.includes('model') && chosen.some((suite) => BESIDE_MODEL.includes(suite))
      ? runModelInBackground(root)
      : undefined;
  for (const suites of processesOf(chosen)) {
    const { count, took } = await (suites.includes('model')
      ? (model ?? timed(runModel(root)))
      : timed(runVitest(root, suites)));
    counts.push(count);
    console.log(`${suites.join(' and ')}: ${count.passed} passed, ${count.failed} failed in ${took}\n`);
  }
  const { passed, failed, failures } = sum(counts);
  for (const name of failures) console.log(`Failed: ${name}`);
  console.log(`All suites took ${elapsed(started)}.`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

/**
 * The suites of each process, in order.
 * @param {string[]} suites
 * @returns {string[][]}
 */
function processesOf(suites) {
  const sharing = suites.filter((suite) => SHARE_PLATFORM.includes(suite));
  return suites.flatMap((suite) => {
    if (!sharing.includes(suite)) return [[suite]];
    return suite === sharing[0] ? [sharing] : [];
  });
}

/**
 * @param {Promise<Count>} suite
 * @returns {Promise<{ count: Count, took: string }>}
 */
async function timed(suite) {
  const started = Date.now();
  return { count: await suite, took: elapsed(started) };
}

/**
 * Runs the model's suite and prints its output at its end.
 * @param {string} root
 * @returns {Promise<{ count: Count, took: string }>}
 */
async function runModelInBackground(root) {
  const log = join(reportsFolder(root), 'model.log');
  const output = openSync(log, 'w');
  try {
    return await timed(runModel(root, output));
  } finally {
    closeSync(output);
    process.stdout.write(readFileSync(log));
  }
}

/**
 * @param {string} root
 * @param {'inherit' | number} output where its output goes: this process's, or a file descriptor
 * @returns {Promise<Count>}
 */
async function runModel(root, output = 'inherit') {
  const report = join(reportsFolder(root), 'model.xml');
  rmSync(report, { force: true });
  const code = await inherit(root, venvPython(root), [...PYTEST, `--junitxml=${report}`], {}, output);
  return countReport('model', code, report, countJunit);
}

/**
 * Runs suites in one vitest process.
 * @param {string} root
 * @param {string[]} suites
 * @returns {Promise<Count>}
 */
async function runVitest(root, suites) {
  const name = suites.join('-');
  const report = join(reportsFolder(root), `${name}.json`);
  rmSync(report, { force: true });
  const projects = suites.flatMap((suite) => PROJECTS[suite] ?? [suite]);
  const code = await inherit(root, pinnedNode(root), [
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
  ]);
  return countReport(name, code, report, (text) => countVitest(JSON.parse(text)));
}

/**
 * @param {string} name of the suites
 * @param {number} code exit code of the runner
 * @param {string} report path of its report
 * @param {(text: string) => Count} count
 * @returns {Count}
 */
function countReport(name, code, report, count) {
  // Without a report the runner itself broke.
  if (!existsSync(report)) return { passed: 0, failed: 1, failures: [`${name}: ended without a report`] };
  const counted = count(readFileSync(report, 'utf8'));
  if (code === 0 || counted.failed > 0) return counted;
  return {
    ...counted,
    failed: 1,
    failures: [`${name}: all tests passed, but the runner ended with code ${code}`],
  };
}

/** @param {string} root */
function reportsFolder(root) {
  const folder = join(root, '.local', 'reports');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * @param {string} root
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} variables added to the environment where it does not name them itself
 * @param {'inherit' | number} output where its output goes: this process's, or a file descriptor
 * @returns {Promise<number>} the exit code; 130 when the child was ended by a signal
 */
export function inherit(root, command, args, variables = {}, output = 'inherit') {
  return new Promise((resolve, reject) => {
    const path = `${join(root, 'node_modules', '.bin')}:${process.env.PATH}`;
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['inherit', output, output],
      env: { ...variables, ...process.env, PATH: path },
    });
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => child.kill(signal);
    // The terminal sends Ctrl-C to the child too; here it must only not end this process before the child.
    const ignore = () => undefined;
    process.on('SIGTERM', forward);
    process.on('SIGINT', ignore);
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('SIGTERM', forward);
      process.off('SIGINT', ignore);
      resolve(code ?? 130);
    });
  });
}
