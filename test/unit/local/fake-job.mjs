// Stands for the container of a training or processing job: argv is the folder that stands for /opt/ml, then the
// container's arguments. Its hyperparameters say what it does: `steps` steps of `ms` milliseconds, a checkpoint after each.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { spawn } from 'node:child_process';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const [ml = '', ...given] = process.argv.slice(2);
/** @param {string} path */
const at = (path) => join(ml, path);
const hyperparameters = existsSync(at('input/config/hyperparameters.json'))
  ? JSON.parse(readFileSync(at('input/config/hyperparameters.json'), 'utf8'))
  : Object.fromEntries(given.map((argument) => argument.split('=')));
const { steps = '1', ms = '1', fault, deaf, helper } = hyperparameters;

if (deaf) {
  process.on('SIGTERM', () => {});
} else {
  // The leash: it does not outlive who started it.
  process.stdin.on('end', () => process.exit(143)).resume();
}

if (fault === 'reason') {
  mkdirSync(at('output'), { recursive: true });
  writeFileSync(at('output/failure'), `too few outcomes ${'x'.repeat(2000)}`);
  process.exit(1);
}
if (fault === 'exit') process.exit(7);
if (fault === 'killed') process.kill(process.pid, 'SIGKILL');

const nothing = 'setInterval(() => {}, 1000)';
const child = helper && spawn(process.execPath, ['-e', nothing], { stdio: 'ignore' }).pid;
const checkpoints = at('checkpoints');
const resumable = existsSync(checkpoints);
const state = join(checkpoints, 'step');
let step = resumable && existsSync(state) ? Number(readFileSync(state, 'utf8')) : 0;
if (resumable)
  appendFileSync(join(checkpoints, 'starts.jsonl'), `${JSON.stringify({ pid: process.pid, step, child })}\n`);
for (; step < Number(steps);) {
  await pause(Number(ms));
  step++;
  if (resumable) {
    const next = join(checkpoints, '.next');
    writeFileSync(next, String(step));
    renameSync(next, state);
    writeFileSync(next, 'never finished');
  }
  console.log(JSON.stringify({ event: 'epoch', epoch: step, val_loss: 1 / step }));
}

if (existsSync(at('processing'))) {
  const inputs = readdirSync(at('processing/input'), { recursive: true }).sort();
  mkdirSync(at('processing/output/deep'), { recursive: true });
  writeFileSync(at('processing/output/metrics.json'), JSON.stringify({ inputs, given }));
  writeFileSync(at('processing/output/deep/card.md'), '# Card');
  mkdirSync(at('output'), { recursive: true });
  writeFileSync(at('output/message'), 'all is well');
} else {
  const channels = existsSync(at('input/data'))
    ? readdirSync(at('input/data'), { recursive: true }).sort()
    : [];
  mkdirSync(at('model/memory'), { recursive: true });
  writeFileSync(
    at('model/config.json'),
    JSON.stringify({ step, channels, given, job: process.env.TRAINING_JOB_NAME, nice: getPriority() }),
  );
  writeFileSync(at('model/memory/empty'), '');
  if (hyperparameters.report) writeFileSync(at('output/data/report.txt'), hyperparameters.report);
}
// The leash would keep it.
process.exit(0);
