import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** An error that the user can fix: shown without a stack trace. */
export class PlatformError extends Error {}

/** What to do if the disk is full. */
export const DISK_FULL =
  'The disk is full. Free some space and start again: everything that was acknowledged is still there.';

/** Converts an error to one that the user can act on; returns other errors unchanged. */
export function explained(error: unknown): unknown {
  const { code, path, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE')
    return new PlatformError(`Port ${port} was taken by something else during the start. Start again.`, {
      cause: error,
    });
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new PlatformError(path ? `${DISK_FULL}\n(Writing ${path} failed.)` : DISK_FULL, { cause: error });
}

/** Terminates a process and waits for it; kills it after `graceMs`. Does nothing if it has ended. */
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
  /** Log file for the output. */
  readonly log: string;
}

/**
 * Starts a process in a process group of its own, with its output in a log: Ctrl-C in the terminal must reach only
 * the platform, which stops its children in order.
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
 * Runs a command to completion.
 * @param what describes the command in the error message
 * @throws PlatformError with the end of its log; the signal's reason if aborted
 */
export async function runLogged(what: string, command: LoggedProcess, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const child = spawnLogged(command, 'w');
  const stop = (): void => {
    // Kills the whole group, since cdk and npm start further processes.
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

/** The last lines of a log, and its path. */
export function tail(log: string, lines = 30): string {
  const text = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines);
  return [...text.map((line) => `  | ${line}`), `The whole log: ${log}`].join('\n');
}
