import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** A process that leads a group of its own. */
export interface Leader {
  readonly pid: number;
  /** When it was started, as the system tells it: another process with the same number has another one. */
  readonly birth: string;
}

/** @returns undefined when there is no such process, or it is over and only waits to be collected */
export function birthOf(pid: number): string | undefined {
  try {
    return existsSync('/proc/self/stat') ? birthFromProc(pid) : birthFromPs(pid);
  } catch {
    // Both say by failing that there is none.
    return undefined;
  }
}

/** proc(5): state is the 3rd field, start time in clock ticks since boot the 22nd; the 2nd may hold spaces. */
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

/**
 * Asks a process and all it has started to end, and kills what is left when `graceMs` is over; it may become shorter
 * meanwhile.
 */
export async function endGroup({ pid, birth }: Leader, graceMs: () => number): Promise<void> {
  if (birthOf(pid) !== birth) return;
  signal(pid, 'SIGTERM');
  const asked = Date.now();
  while (birthOf(pid) === birth && Date.now() - asked < graceMs()) await pause(25);
  signal(pid, 'SIGKILL');
  while (birthOf(pid) === birth) await pause(25);
}

/** Kills what a process that is over has left behind. */
export function endRest(pid: number): void {
  signal(pid, 'SIGKILL');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch (error) {
    // The whole group is gone already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
