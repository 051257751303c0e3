/** Runs one command of the bootstrap. Its output goes to a log; the terminal shows its title and duration. */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';

const HEARTBEAT_MS = 15_000;
const TAIL_LINES = 25;

export class StepFailed extends Error {}

/** @param {number} since milliseconds of `Date.now()` */
export function elapsed(since) {
  const seconds = Math.round((Date.now() - since) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * @param {string} title what is being done, for the user
 * @param {string} command
 * @param {string[]} args
 * @param {{ log: string, cwd: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<void>} rejects with StepFailed: what failed, the end of its log, and where the log is
 */
export async function runLogged(title, command, args, { log, cwd, env }) {
  mkdirSync(dirname(log), { recursive: true });
  const started = Date.now();
  console.log(`${title} …`);
  const heartbeat = setInterval(() => {
    const line = lastLine(log);
    console.log(`  ${title}: ${elapsed(started)}${line && `, ${line}`}`);
  }, HEARTBEAT_MS);
  try {
    const failure = await output(command, args, { log, cwd, env });
    if (failure) throw new StepFailed(explain(title, failure, log));
    console.log(`  ${title}: done in ${elapsed(started)}`);
  } finally {
    clearInterval(heartbeat);
  }
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ log: string, cwd: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<string | undefined>} how it failed
 */
function output(command, args, { log, cwd, env }) {
  return new Promise((resolve) => {
    const file = createWriteStream(log);
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.pipe(file, { end: false });
    child.stderr.pipe(file, { end: false });
    child.once('error', (error) => file.end(() => resolve(error.message)));
    child.once('close', (code, signal) =>
      file.end(() => resolve(code === 0 ? undefined : signal ? `ended by ${signal}` : `exit code ${code}`)),
    );
  });
}

/**
 * @param {string} title
 * @param {string} failure
 * @param {string} log
 */
function explain(title, failure, log) {
  const tail = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES);
  return [
    `${title}: failed (${failure}).`,
    ...tail.map((line) => `  | ${line}`),
    `The whole log: ${log}`,
    'Nothing is left half done: run the same command again once the cause is gone.',
  ].join('\n');
}

/** @param {string} log */
function lastLine(log) {
  const text = readFileSync(log, 'utf8').trimEnd();
  return text.slice(text.lastIndexOf('\n') + 1).slice(0, 100);
}
