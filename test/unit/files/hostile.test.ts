import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import type { Outcome } from '../../support/hostile/run.ts';

const PROGRAM = fileURLToPath(new URL('../../support/hostile/run.ts', import.meta.url));

interface Report {
  readonly good: readonly Outcome[];
  readonly hostile: readonly Outcome[];
  readonly peakMb: number;
}

let report: Report;
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  try {
    execFileSync(process.execPath, [PROGRAM, 'make', folder]);
    const output = execFileSync(process.execPath, [PROGRAM, 'inspect', folder], { maxBuffer: 1 << 24 });
    report = JSON.parse(output.toString()) as Report;
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('no hostile file is accepted, and each is rejected in 5 s of processor time and 256 MB', () => {
  const { good, hostile, peakMb } = report;
  const slowest = hostile.reduce((a, b) => (b.ms > a.ms ? b : a));
  const rejected = hostile.filter(({ reason }) => reason !== undefined);
  console.log(
    `${hostile.length} hostile files: ${rejected.length} rejected; slowest ${Math.round(slowest.ms)} ms (${slowest.name}); peak of memory ${Math.round(peakMb)} MB`,
  );
  expect(good.filter(({ reason }) => reason !== undefined)).toEqual([]);
  expect(hostile.filter(({ reason }) => reason === undefined)).toEqual([]);
  expect(hostile.length).toBeGreaterThanOrEqual(200);
  expect(slowest.ms).toBeLessThan(5_000);
  expect(peakMb).toBeLessThan(256);
});

test.each([
  ['xlsx that says it unpacks to 4 GB', /^The archive unpacks to 4294968922 bytes/],
  ['xlsx that unpacks to more than it says', /too many bytes/],
  ['xlsx with a VBA project', /macros/],
  ['xlsx of the type of macros', /macros/],
  ['xlsx with a macro sheet', /macros/],
  ['encrypted xlsx', /encrypted/],
  ['xlsx with an external entity', /entities/],
  ['pdf of 5,000 pages', /more than 500 pages/],
  ['encrypted pdf', /encrypted/],
  ['pdf with a script on opening', /script/],
  ['pdf with embedded files', /embeds|embedded/],
  ['pdf with a ZIP behind it', /follow the end/],
  ['gif of 10,000 frames', /more than 1,000 frames/],
  ['png of 60,000 × 60,000 pixels', /50,000,000 at most/],
  ['mp3 with a cover picture of 40 MB', /cover picture/],
  ['png with a ZIP behind it', /ZIP archive too/],
  ['jpeg with HTML behind it', /hides a script/],
  ['zip with ../ in a name', /relative path/],
  ['zip in a zip', /./],
])('%s is rejected with its own reason', (name, reason) => {
  expect(report.hostile.find((outcome) => outcome.name === name)?.reason).toMatch(reason);
});
