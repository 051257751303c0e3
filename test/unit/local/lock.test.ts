import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLock } from '../../../local/lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});
const file = (): string => join(folder, 'running.json');

describe('the lock on the state of a platform', () => {
  it('is held by one process, and free again once released', () => {
    const lock = takeLock(folder);
    expect(lock.wasLeft).toBe(false);
    expect(() => takeLock(folder)).toThrow(
      `It is running already, as process ${process.pid}, on the state in ${folder}.`,
    );
    lock.release();
    expect(takeLock(folder).wasLeft).toBe(false);
  });

  it('of a killed process is ignored, and reported as left over', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    takeLock(folder);
    const held = JSON.parse(readFileSync(file(), 'utf8')) as { started: string };
    writeFileSync(file(), JSON.stringify({ ...held, pid: child.pid }));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    expect(takeLock(folder).wasLeft).toBe(true);
  });

  it('does not mistake another process with the same PID for its holder', () => {
    writeFileSync(file(), JSON.stringify({ pid: process.pid, started: 'Thu Jan  1 00:00:00 1970' }));
    expect(takeLock(folder).wasLeft).toBe(true);
  });

  it.each(['', '{"pid":', '[]', '{"pid":"x"}'])('left as %j by a kill is free', (content) => {
    writeFileSync(file(), content);
    expect(takeLock(folder).wasLeft).toBe(false);
  });
});
