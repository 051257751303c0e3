import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Something the user can act on: shown as it is, without a stack. */
export class PlatformError extends Error {}

/** What to do when nothing more can be written. */
export const DISK_FULL =
  'The disk is full. Free some space and start again: everything that was acknowledged is still there.';

/** The error as the user can act on it; unknown ones stay as they are. */
export function explained(error: unknown): unknown {
  const { code, path, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE')
    return new PlatformError(`Port ${port} was taken by something else during the start. Start again.`, {
      cause: error,
    });
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new PlatformError(path ? `${DISK_FULL}\n(Writing ${path} failed.)` : DISK_FULL, { cause: error });
}

/**
 * Asks a process to end and waits for it; after `graceMs` it is killed. Does nothing when it has ended already.
 */
export async function endProcess(child: ChildProcess, { graceMs }: { graceMs: number }): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
}

export interface LoggedProcess {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Record<string, string>;
  /** Output goes there. */
  readonly log: string;
}

/**
 * Starts a process whose output goes to a log. It has a process group of its own: Ctrl-C in the terminal must reach the
 * platform only, which then stops this in its own order.
 */
export function spawnLogged(
  { file, args, cwd, env, log }: LoggedProcess,
  mode: 'a' | 'w' = 'a',
): ChildProcess {
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, mode);
  const options: SpawnOptions = { cwd, env, stdio: ['pipe', output, output], detached: true };
  const child = spawn(file, [...args], options);
  closeSync(output);
  return child;
}

/**
 * Runs a command to its end.
 * @param what for the message when it fails
 * @throws PlatformError with the end of its log; the signal's reason when aborted
 */
export async function runLogged(what: string, command: LoggedProcess, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const child = spawnLogged(command, 'w');
  const stop = (): void => {
    // The whole group: cdk and npm start processes of their own.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
  };
  signal.addEventListener('abort', stop);
  const failure = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('close', (code, by) => {
      resolve(code === 0 ? undefined : by ? `ended by ${by}` : `exit code ${code}`);
    });
  });
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (failure) throw new PlatformError(`${what} failed (${failure}).\n${tail(command.log)}`);
}

/** The last lines of a log, and where the whole of it is. */
export function tail(log: string, lines = 30): string {
  const text = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines);
  return [...text.map((line) => `  | ${line}`), `The whole log: ${log}`].join('\n');
}
