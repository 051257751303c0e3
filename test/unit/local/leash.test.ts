import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pythonOf } from '../../../local/environment.ts';

const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'leash-'));
writeFileSync(
  join(folder, 'job.py'),
  'import sys, time\ntime.sleep(float(sys.argv[1]))\nsys.exit(int(sys.argv[2]))\n',
);
const leashed = (seconds: number, code: number) =>
  spawn(pythonOf(root), [join(root, 'local', 'leash.py'), 'job', String(seconds), String(code)], {
    cwd: folder,
  });
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a process on a leash', () => {
  it.each([0, 3])('that ends by itself exits with its own code, %i', async (code) => {
    expect(await once(leashed(0.2, code), 'exit')).toEqual([code, null]);
  });

  it('ends when its parent is gone', async () => {
    const child = leashed(60, 0);
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
  });
});
