import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { Outcome } from '../../support/hostile/run.ts';

const PROGRAM = fileURLToPath(new URL('../../support/hostile/run.ts', import.meta.url));

interface Report {
  readonly good: readonly Outcome[];
  readonly hostile: readonly Outcome[];
  readonly peakMb: number;
}

test('no hostile file is accepted, and each is refused in 5 s and 256 MB', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  execFileSync(process.execPath, [PROGRAM, 'make', folder]);
  const output = execFileSync(process.execPath, [PROGRAM, 'inspect', folder], { maxBuffer: 1 << 24 });
  const { good, hostile, peakMb } = JSON.parse(output.toString()) as Report;
  const slowest = hostile.reduce((a, b) => (b.ms > a.ms ? b : a));
  const refused = hostile.filter(({ reason }) => reason !== undefined);
  console.log(
    `${hostile.length} hostile files: ${refused.length} refused; slowest ${Math.round(slowest.ms)} ms (${slowest.name}); peak of memory ${Math.round(peakMb)} MB`,
  );
  expect(good.filter(({ reason }) => reason !== undefined)).toEqual([]);
  expect(hostile.filter(({ reason }) => reason === undefined)).toEqual([]);
  expect(hostile.length).toBeGreaterThanOrEqual(200);
  expect(slowest.ms).toBeLessThan(5_000);
  expect(peakMb).toBeLessThan(256);
});
