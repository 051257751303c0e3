import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chromiumPath } from '../../../local/chromium.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chromium-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the browser for the e2e suite', () => {
  it('is found on the path or at DUKENET_CHROMIUM', () => {
    const program = join(folder, 'chromium-browser');
    writeFileSync(program, '', { mode: 0o755 });
    expect(chromiumPath({ PATH: `/nowhere:${folder}` })).toBe(program);
    expect(chromiumPath({ PATH: '', DUKENET_CHROMIUM: program })).toBe(program);
  });

  it('is requested by a clear message if it is missing or cannot be run', () => {
    writeFileSync(join(folder, 'chromium'), '', { mode: 0o644 });
    expect(() => chromiumPath({ PATH: folder })).toThrow('apt-get install chromium');
    expect(() => chromiumPath({ DUKENET_CHROMIUM: join(folder, 'chromium') })).toThrow('cannot be run');
  });
});
