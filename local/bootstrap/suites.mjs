/** Runs the test suites, the model's beside those that need no platform, and prints their total. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { countJunit, countVitest, sum } from './decide.mjs';
import { pinnedNode, venvPython } from './install.mjs';
import { elapsed } from './run-step.mjs';

/** @typedef {import('./decide.mjs').Count} Count */

const SUITES = ['unit', 'infra', 'workflow', 'model', 'integration', 'e2e'];
/** Each computes on about one core, so the model's suite runs beside these. The others have the machine for themselves. */
const BESIDE_MODEL = ['unit', 'infra', 'workflow'];
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
 * @param {string} root
 * @param {{ full: boolean, only: string[] }} options `only` names suites; none means all
 * @returns {Promise<number>} the exit code: 0 when something ran and nothing failed
 */
export async function runSuites(root, { full, only }) {
  // The slow suite appears with its first test.
  const all = full && existsSync(join(root, 'test', 'full')) ? FULL_SUITES : SUITES;
  const unknown = only.filter((name) => !FULL_SUITES.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no suite ${unknown.join(', ')}; there are ${FULL_SUITES.join(', ')}.`);
    return 2;
  }
  const started = Date.now();
  /** @type {Count[]} */
  const counts = [];
  const chosen = all.filter((suite) => only.length === 0 || only.includes(suite));
  const model =
    chosen.includes('model') && chosen.some((suite) => BESIDE_MODEL.includes(suite))
      ? runModelInBackground(root)
      : undefined;
  for (const suite of chosen) {
    const { count, took } = await (suite === 'model' && model ? model : timed(runSuite(root, suite)));
    counts.push(count);
    console.log(`${suite}: ${count.passed} passed, ${count.failed} failed in ${took}\n`);
  }
  const { passed, failed, failures } = sum(counts);
  for (const name of failures) console.log(`Failed: ${name}`);
  console.log(`All suites took ${elapsed(started)}.`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
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
  const log = join(root, '.local', 'reports', 'model.log');
  mkdirSync(join(root, '.local', 'reports'), { recursive: true });
  const output = openSync(log, 'w');
  try {
    return await timed(runSuite(root, 'model', output));
  } finally {
    closeSync(output);
    process.stdout.write(readFileSync(log));
  }
}

/**
 * @param {string} root
 * @param {string} suite
 * @param {'inherit' | number} output where its output goes: this process's, or a file descriptor
 * @returns {Promise<Count>}
 */
async function runSuite(root, suite, output = 'inherit') {
  const folder = join(root, '.local', 'reports');
  mkdirSync(folder, { recursive: true });
  const report = join(folder, suite === 'model' ? 'model.xml' : `${suite}.json`);
  rmSync(report, { force: true });
  const code =
    suite === 'model'
      ? await inherit(root, venvPython(root), [...PYTEST, `--junitxml=${report}`], {}, output)
      : await inherit(root, pinnedNode(root), [
          join(root, 'node_modules', 'vitest', 'vitest.mjs'),
          ...[
            'run',
            '--project',
            suite,
            '--reporter=default',
            '--reporter=json',
            `--outputFile.json=${report}`,
          ],
        ]);
  // No report: the runner itself broke, which no count shows.
  if (!existsSync(report)) return { passed: 0, failed: 1, failures: [`${suite}: ended without a report`] };
  const text = readFileSync(report, 'utf8');
  const count = suite === 'model' ? countJunit(text) : countVitest(JSON.parse(text));
  if (code === 0 || count.failed > 0) return count;
  return {
    ...count,
    failed: 1,
    failures: [`${suite}: all tests passed, but the runner ended with code ${code}`],
  };
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
