import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { freePort } from '../ports.ts';
import { endProcess } from '../process.ts';
import { pause } from './pause.ts';

/** The program that replaces the container: it serves `/ping` and `/invocations` on the given port. */
export interface ContainerProcess {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface InstanceTiming {
  /** Ping interval while starting, and once healthy. */
  readonly pingStartingMs: number;
  readonly pingHealthyMs: number;
  readonly pingTimeoutMs: number;
  /** Consecutive failed pings after which a healthy process counts as hung and is replaced. */
  readonly missedPings: number;
  readonly firstBackoffMs: number;
  readonly longestBackoffMs: number;
}

export const DEFAULT_TIMING: InstanceTiming = {
  pingStartingMs: 250,
  pingHealthyMs: 3000,
  // A CPU that computes a chunk answers pings late.
  pingTimeoutMs: 10_000,
  missedPings: 6,
  firstBackoffMs: 500,
  longestBackoffMs: 30_000,
};

/** One instance of an endpoint: a process that is started, pinged, and restarted if it exits or hangs. */
export class Instance {
  readonly #describe: (port: number) => ContainerProcess;
  readonly #log: string;
  readonly #timing: InstanceTiming;
  readonly #stopped = new AbortController();
  #child: ChildProcess | undefined;
  #port = 0;
  #healthy = false;
  #deaths = 0;
  #running: Promise<void> = Promise.resolve();
  readonly #changed = new EventTarget();

  constructor(describe: (port: number) => ContainerProcess, log: string, timing = DEFAULT_TIMING) {
    this.#describe = describe;
    this.#log = log;
    this.#timing = timing;
  }

  /** Base address while the process answers its pings. */
  get url(): string | undefined {
    return this.#healthy ? `http://127.0.0.1:${this.#port}` : undefined;
  }

  /** Number of unexpected exits since it was last healthy. */
  get deaths(): number {
    return this.#deaths;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Marks the instance as broken after a failed request; it gets no requests until it answers a ping. */
  suspect(): void {
    this.#setHealthy(false);
  }

  start(): void {
    this.#running = this.#keepRunning();
  }

  /** Called at every change of health and at every exit. */
  onChange(listener: () => void): void {
    this.#changed.addEventListener('change', listener);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #keepRunning(): Promise<void> {
    const { firstBackoffMs, longestBackoffMs } = this.#timing;
    while (!this.#stopped.signal.aborted) {
      await this.#runOnce();
      if (this.#stopped.signal.aborted) return;
      this.#deaths++;
      this.#setHealthy(false);
      await pause(Math.min(longestBackoffMs, firstBackoffMs * 2 ** (this.#deaths - 1)), this.#stopped.signal);
    }
  }

  async #runOnce(): Promise<void> {
    this.#port = await freePort();
    const { file, args, env, cwd } = this.#describe(this.#port);
    mkdirSync(dirname(this.#log), { recursive: true });
    const log = openSync(this.#log, 'a');
    // In a process group of its own: Ctrl-C in the terminal must reach only the platform, which stops its children.
    const child = spawn(file, args, { cwd, env, stdio: ['pipe', log, log], detached: true });
    closeSync(log);
    this.#child = child;
    const ended = new Promise<void>((resolve) => {
      child.once('error', () => {
        resolve();
      });
      child.once('close', () => {
        resolve();
      });
    });
    const over = new AbortController();
    const watching = this.#watch(child, AbortSignal.any([over.signal, this.#stopped.signal]));
    await Promise.race([ended, watching]);
    over.abort();
    this.#setHealthy(false);
    await endProcess(child, { graceMs: 5000 });
    await ended;
    await watching;
    this.#child = undefined;
  }

  /** Returns when the process hangs or `over` is aborted. */
  async #watch(child: ChildProcess, over: AbortSignal): Promise<void> {
    let missed = 0;
    while (!over.aborted && child.exitCode === null) {
      const answered = await ping(this.#port, this.#timing.pingTimeoutMs, over);
      if (over.aborted) return;
      if (answered) {
        missed = 0;
        this.#deaths = 0;
        this.#setHealthy(true);
      } else if (this.#healthy && ++missed >= this.#timing.missedPings) {
        return;
      }
      await pause(this.#healthy ? this.#timing.pingHealthyMs : this.#timing.pingStartingMs, over);
    }
  }

  #setHealthy(healthy: boolean): void {
    this.#healthy = healthy;
    this.#changed.dispatchEvent(new Event('change'));
  }
}

async function ping(port: number, timeoutMs: number, over: AbortSignal): Promise<boolean> {
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), over]);
    const answer = await fetch(`http://127.0.0.1:${port}/ping`, { signal });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    // Not listening or too busy: both mean "not healthy".
    return false;
  }
}
