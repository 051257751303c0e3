import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../../lib/shared/bundle.ts';

const OBJECTS = fileURLToPath(new URL('../../lambdas/shared/objects.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dukenet-bundle-'));
const outfile = join(folder, 'index.mjs');

beforeAll(async () => {
  const entry = join(folder, 'entry.ts');
  writeFileSync(entry, `export { s3ObjectStore } from ${JSON.stringify(OBJECTS)};`);
  await bundle(entry, outfile);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a bundle that reads objects', () => {
  test('is a single self-contained module', async () => {
    const { s3ObjectStore } = (await import(outfile)) as { s3ObjectStore: unknown };
    expect(s3ObjectStore).toBeTypeOf('function');
  });

  test('contains only the S3 operations that are used', () => {
    const code = readFileSync(outfile, 'utf8');
    expect(code).toContain('GetObject');
    expect(code).not.toContain('PutBucketLifecycleConfiguration');
    expect(code).not.toContain('SelectObjectContent');
  });

  test('contains no API documentation, except in the function that serves it', async () => {
    const words = 'Post a task';
    const codeOf = async (handler: string) => {
      const entry = fileURLToPath(new URL(`../../lambdas/${handler}.handler.ts`, import.meta.url));
      const made = join(folder, `${handler.replace('/', '-')}.mjs`);
      await bundle(entry, made);
      return readFileSync(made, 'utf8');
    };
    expect(await codeOf('tasks/api')).not.toContain(words);
    expect(await codeOf('insight/api')).toContain(words);
  });

  test('reads credentials from environment variables only', () => {
    const code = readFileSync(outfile, 'utf8');
    expect(code).toContain('AWS_SESSION_TOKEN');
    expect(code).not.toContain('169.254.170.2');
    expect(code).not.toContain('sso_session');
  });
});
