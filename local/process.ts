import type { ChildProcess } from 'node:child_process';

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
