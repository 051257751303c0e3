import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../../local/ports.ts';

const root = join(import.meta.dirname, '..', '..');
const READY = 'DukeNET is running';

/** A platform of its own, in processes of its own, which are ended as a switched-off machine ends them. */
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

  /** One that has not been started yet, on free ports. */
  static async on(name: string): Promise<KillablePlatform> {
    return new KillablePlatform(name, [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ]);
  }

  /**
   * Starts it and waits until it says that it is ready.
   * @returns the seconds that took
   * @throws Error with what it said when it ended instead
   */
  async start(...more: string[]): Promise<number> {
    const started = Date.now();
    const child = spawn(process.execPath, [join('local', 'start.ts'), ...this.#args, ...more], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    let said = '';
    await new Promise<void>((resolve, reject) => {
      const hear = (part: Buffer): void => {
        said += part.toString();
        if (said.includes(READY)) resolve();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', (code) => {
        reject(new Error(`the platform ended with code ${code}:\n${said}`));
      });
    });
    return (Date.now() - started) / 1000;
  }

  /**
   * SIGKILL for everything that belongs to it, all at once.
   * @returns how many processes that were
   */
  async kill(): Promise<number> {
    const child = this.#child;
    if (child?.pid === undefined) return 0;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const all = family(child.pid);
    // Whoever starts others comes first.
    for (const pid of all) signal(pid, 'SIGKILL');
    await ended;
    this.#child = undefined;
    return all.length;
  }

  /** Asks it to end, as Ctrl-C does. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    signal(child.pid, 'SIGTERM');
    await ended;
    this.#child = undefined;
  }
}

/** A process and all that descend from it, parents first. */
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
    // It ended by itself in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
