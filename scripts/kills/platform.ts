import { execFileSync, spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { DukeNet } from '../../client/typescript/src/index.ts';
import { freePorts } from '../../local/ports.ts';

const root = join(import.meta.dirname, '..', '..');
const POLL_MS = 50;
/** Timeout of a start that must fail with a message. */
const MAX_RUN_MS = 60_000;

/** A separate platform in processes of its own, which are killed as by a power cut. */
export class KillablePlatform {
  readonly apiUrl: string;
  readonly awsEndpoint: string;
  readonly outputsFile: string;
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(name: string, [web, api, aws, sagemaker]: readonly [number, number, number, number]) {
    this.apiUrl = `http://localhost:${api}`;
    this.awsEndpoint = `http://127.0.0.1:${aws}`;
    this.outputsFile = join(root, '.local', name, 'state', 'outputs.json');
    const ports = ['--web-port', web, '--api-port', api, '--aws-port', aws, '--sagemaker-port', sagemaker];
    this.#args = ['--name', name, ...ports.map(String)];
  }

  /** A platform that is not started, on free ports. */
  static async on(name: string): Promise<KillablePlatform> {
    const [web, api, aws, sagemaker] = await freePorts(4);
    return new KillablePlatform(name, [web!, api!, aws!, sagemaker!]);
  }

  /**
   * Starts it and waits until `/health` is ok and signing in works.
   * @returns the duration in seconds
   * @throws Error with its output if it ended, or with the response to the sign-in
   */
  async start(...more: string[]): Promise<number> {
    const started = Date.now();
    const { child, said } = this.#spawn(more);
    this.#child = child;
    const over = new AbortController();
    const ended = new Promise<never>((_, reject) => {
      child.once('exit', (code) => {
        over.abort();
        reject(new Error(`the platform ended with code ${code}:\n${said()}`));
      });
    });
    await Promise.race([healthy(this.apiUrl, over.signal), ended]);
    await new DukeNet({ baseUrl: this.apiUrl }).login('buyer@dukenet.local', 'DukeNET-local-1');
    // From here on its end is not a failure of the start.
    ended.catch(() => undefined);
    return (Date.now() - started) / 1000;
  }

  /**
   * Runs `npm start` to its end, possibly beside a running platform.
   * @param interruptMs delay of Ctrl-C after its first output
   */
  async run(more: readonly string[], interruptMs?: number): Promise<{ code: number | null; said: string }> {
    const { child, said } = this.#spawn(more);
    const longest = setTimeout(() => child.kill('SIGINT'), MAX_RUN_MS);
    child.stdout.once('data', () => {
      if (interruptMs !== undefined) setTimeout(() => child.kill('SIGINT'), interruptMs);
    });
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    clearTimeout(longest);
    return { code, said: said() };
  }

  #spawn(more: readonly string[]): {
    child: ChildProcessByStdio<null, Readable, Readable>;
    said: () => string;
  } {
    const child = spawn(process.execPath, [join('local', 'start.ts'), ...this.#args, ...more], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => {
        said += part.toString();
      });
    return { child, said: () => said };
  }

  /**
   * Sends SIGKILL to all its processes at once.
   * @returns the number of processes
   */
  async kill(): Promise<number> {
    const child = this.#child;
    if (child?.pid === undefined) return 0;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const all = family(child.pid);
    // Parents first, so that they cannot start further processes.
    for (const pid of all) signal(pid, 'SIGKILL');
    await ended;
    this.#child = undefined;
    return all.length;
  }

  /** Stops it as Ctrl-C does. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    signal(child.pid, 'SIGTERM');
    await ended;
    this.#child = undefined;
  }
}

/** Waits for the platform as a script does: polls until the health is ok. */
async function healthy(apiUrl: string, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    try {
      const answer = await fetch(`${apiUrl}/api/v2/health`, { signal: over });
      const { status } = (await answer.json()) as { status: string };
      if (status === 'ok') return;
    } catch {
      // Not listening yet.
    }
    await sleep(POLL_MS);
  }
}

/** A process and all its descendants, parents first. */
function family(root: number): number[] {
  const children = new Map<number, number[]>();
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  for (const line of lines) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number) as [number, number];
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
