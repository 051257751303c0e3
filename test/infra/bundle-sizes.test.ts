import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { bundle, MAX_BUNDLE_BYTES } from '../../lib/shared/bundle.ts';
import { allHandlers } from '../../scripts/shared/handlers.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dukenet-sizes-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the bundle of each function', () => {
  // `npm run bundles -- --why` shows what a bundle consists of.
  test.each(allHandlers())(`$name has at most ${MAX_BUNDLE_BYTES / 1000} KB`, async ({ name, file }) => {
    const made = join(folder, `${name.replace('/', '-')}.mjs`);
    await bundle(join(ROOT, file), made);
    expect(statSync(made).size).toBeLessThanOrEqual(MAX_BUNDLE_BYTES);
  });
});
