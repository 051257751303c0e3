import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';
import { dirname } from 'node:path';
import type { ContainerProcess } from '../instance.ts';
import { pause } from '../pause.ts';
import { JobFailure } from './failure.ts';
import { birthOf, endGroup, endRest, type Leader } from './process-group.ts';

/** How a job's process came to its end: by itself, or because it was ended. */
export type Exit =
  | { readonly by: 'itself'; readonly code: number | null; readonly signal: NodeJS.Signals | null }
  | { readonly by: 'stop' | 'closing' | 'limit' };

export interface ExecutionOptions {
  readonly process: ContainerProcess;
  readonly log: string;
  readonly stop: AbortSignal;
  readonly closing: AbortSignal;
  /** It is ended when it has run so long. */
  readonly limitMs: number;
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs: () => number;
  readonly tickMs: number;
  readonly started: (leader: Leader) => void;
  /** Done every `tickMs` while it runs; `ranMs` is how long it has run. */
  readonly tick: (ranMs: number, signal: AbortSignal) => Promise<void>;
}

/** What `nice` would be told: 10. */
const PRIORITY = constants.priority.PRIORITY_BELOW_NORMAL;
const MAX_TICK_MS = 60_000;

/**
 * Runs the process of a job to its end, below the priority of everything that answers somebody.
 * @throws JobFailure when it cannot be started
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
  const asked = AbortSignal.any([stop, closing, over.signal]);
  try {
    for (;;) {
      await pause(Math.max(0, Math.min(tickMs, limitMs - ranMs())), asked);
      if (exit) break;
      if (asked.aborted || ranMs() >= limitMs) {
        exit = { by: closing.aborted ? 'closing' : stop.aborted ? 'stop' : 'limit' };
        break;
      }
      const longest = AbortSignal.timeout(Math.ceil(Math.min(MAX_TICK_MS, limitMs - ranMs())));
      await options.tick(ranMs(), AbortSignal.any([asked, longest]));
    }
  } finally {
    // Whatever happened above, no process is left behind.
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
  // A process group of its own: Ctrl-C in the terminal must reach the platform only, which then ends this.
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
    // Raising it, where this process is lower already, may be forbidden.
    if (getPriority(pid) < PRIORITY) setPriority(pid, PRIORITY);
  } catch (error) {
    // It has ended already.
    if ((error as { info?: { code?: string } }).info?.code !== 'ESRCH') throw error;
  }
}
