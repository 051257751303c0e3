import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** A process that leads a process group. */
export interface Leader {
  readonly pid: number;
  /** Start time of the process, which distinguishes it from a later one with the same PID. */
  readonly birth: string;
}

/**
 * @returns undefined if there is no such process, or it is a zombie
 */
export function birthOf(pid: number): string | undefined {
  try {
    return existsSync('/proc/self/stat') ? birthFromProc(pid) : birthFromPs(pid);
  } catch {
    // Both fail if there is no such process.
    return undefined;
  }
}

/** proc(5): state is field 3, start time (clock ticks since boot) field 22; field 2 may contain spaces. */
function birthFromProc(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
}

function birthFromPs(pid: number): string | undefined {
  const said = execFileSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
    env: { LC_ALL: 'C', PATH: '/bin:/usr/bin' },
    encoding: 'utf8',
  });
  const [state = '', ...start] = said.trim().split(/\s+/);
  return state.startsWith('Z') ? undefined : start.join(' ');
}

/** Terminates a process group, and kills it after `graceMs`, which may be shortened meanwhile. */
export async function endGroup({ pid, birth }: Leader, graceMs: () => number): Promise<void> {
  if (birthOf(pid) !== birth) return;
  signal(pid, 'SIGTERM');
  const requestedAt = Date.now();
  while (birthOf(pid) === birth && Date.now() - requestedAt < graceMs()) await pause(25);
  signal(pid, 'SIGKILL');
  while (birthOf(pid) === birth) await pause(25);
}

/** Kills the processes that an ended process has left behind. */
export function endRest(pid: number): void {
  signal(pid, 'SIGKILL');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch (error) {
    // The group has ended already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
