import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { replaceFile } from './files.ts';
import { readJson } from './fingerprint.ts';
import { PlatformError } from './process.ts';

/** Identifies a process: PIDs are reused, and the start time tells them apart. */
const Holder = z.object({ pid: z.int(), started: z.string() });
type Holder = z.infer<typeof Holder>;

export interface Lock {
  /** Whether the last holder ended without releasing the lock: its children may still be ending. */
  readonly wasLeft: boolean;
  release(): void;
}

/**
 * Locks the directory of a platform, because two platforms would corrupt one state. A lock whose holder is gone is
 * ignored.
 * @throws PlatformError that names the holder and how to stop it
 */
export function takeLock(folder: string): Lock {
  const file = join(folder, 'running.json');
  mkdirSync(folder, { recursive: true });
  const last = Holder.safeParse(readHolder(file)).data;
  if (last && startedAt(last.pid) === last.started)
    throw new PlatformError(
      `It is running already, as process ${last.pid}, on the state in ${folder}.\n` +
        `Use that one, or end it first: Ctrl-C in its terminal, or kill ${last.pid}`,
    );
  replaceFile(
    file,
    JSON.stringify({ pid: process.pid, started: startedAt(process.pid) ?? '' } satisfies Holder),
  );
  return {
    wasLeft: last !== undefined,
    release: () => {
      rmSync(file, { force: true });
    },
  };
}

function readHolder(file: string): unknown {
  try {
    return readJson(file);
  } catch (error) {
    // The file was truncated by a kill, so nobody holds the lock.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Start time of a process as `ps` prints it; undefined if there is no such process. */
function startedAt(pid: number): string | undefined {
  const { stdout, status, error } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  if (error) return isAlive(pid) ? 'unknown' : undefined;
  return status === 0 ? stdout.trim() : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process exists but belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
