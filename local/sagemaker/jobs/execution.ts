import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';
import { dirname } from 'node:path';
import type { ContainerProcess } from '../instance.ts';
import { pause } from '../pause.ts';
import { JobFailure } from './failure.ts';
import { birthOf, endGroup, endRest, type Leader } from './process-group.ts';

/** How the process of a job ended: by itself, or stopped. */
export type Exit =
  | { readonly by: 'itself'; readonly code: number | null; readonly signal: NodeJS.Signals | null }
  | { readonly by: 'stop' | 'closing' | 'limit' };

export interface ExecutionOptions {
  readonly process: ContainerProcess;
  readonly log: string;
  readonly stop: AbortSignal;
  readonly closing: AbortSignal;
  /** Maximum run time; then the process is stopped. */
  readonly limitMs: number;
  /** Grace period between SIGTERM and SIGKILL. */
  readonly graceMs: () => number;
  readonly tickMs: number;
  readonly started: (leader: Leader) => void;
  /** Called every `tickMs`; `ranMs` is the run time so far. */
  readonly tick: (ranMs: number, signal: AbortSignal) => Promise<void>;
}

/** Niceness of job processes. */
const PRIORITY = constants.priority.PRIORITY_BELOW_NORMAL;
const MAX_TICK_MS = 60_000;

/**
 * Runs the process of a job to its end, at a lower priority than processes that answer requests.
 * @throws JobFailure if it cannot be started
 */
export async function execute(options: ExecutionOptions): Promise<{ exit: Exit; ranMs: number }> {
  const { stop, closing, limitMs, tickMs } = options;
  const { child, leader } = await start(options);
  const began = performance.now();
  const ranMs = (): number => performance.now() - began;
  const over = new AbortController();
  let exit: Exit | undefined;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      exit ??= { by: 'itself', code, signal };
      over.abort();
      resolve();
    });
  });
  options.started(leader);
  const stopRequested = AbortSignal.any([stop, closing, over.signal]);
  try {
    for (;;) {
      await pause(Math.max(0, Math.min(tickMs, limitMs - ranMs())), stopRequested);
      if (exit) break;
      if (stopRequested.aborted || ranMs() >= limitMs) {
        exit = { by: closing.aborted ? 'closing' : stop.aborted ? 'stop' : 'limit' };
        break;
      }
      const longest = AbortSignal.timeout(Math.ceil(Math.min(MAX_TICK_MS, limitMs - ranMs())));
      await options.tick(ranMs(), AbortSignal.any([stopRequested, longest]));
    }
  } finally {
    // Whatever happened above, no process is left running.
    await endGroup(leader, options.graceMs);
    await exited;
    endRest(leader.pid);
  }
  return { exit, ranMs: ranMs() };
}

async function start({ process, log }: ExecutionOptions): Promise<{ child: ChildProcess; leader: Leader }> {
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, 'a');
  const { file, args, cwd, env } = process;
  // In a process group of its own: Ctrl-C in the terminal must reach only the platform, which stops its children.
  const child = spawn(file, args, { cwd, env, stdio: ['pipe', output, output], detached: true });
  closeSync(output);
  const { pid } = child;
  if (pid === undefined) {
    const cause = await new Promise<Error>((resolve) => child.once('error', resolve));
    throw new JobFailure(`InternalServerError: the process could not be started: ${cause.message}`, {
      cause,
    });
  }
  lowerPriority(pid);
  return { child, leader: { pid, birth: birthOf(pid) ?? 'over' } };
}

function lowerPriority(pid: number): void {
  try {
    // May be forbidden if this process already has a lower priority.
    if (getPriority(pid) < PRIORITY) setPriority(pid, PRIORITY);
  } catch (error) {
    // It has already ended.
    if ((error as { info?: { code?: string } }).info?.code !== 'ESRCH') throw error;
  }
}
