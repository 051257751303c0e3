import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { undocumentedContracts, withoutDocumentation } from '../../lib/shared/without-documentation.ts';

describe('contracts in a bundle', () => {
  test('lose the documentation of schemas, however calls are chained', () => {
    const source = `export const A = z.string().meta({ id: 'A', example: f({ b: 1 }) }).min(1).describe('words').optional();`;
    expect(withoutDocumentation('a.ts', source)).toBe('export const A = z.string().min(1).optional();');
  });

  test('keep calls in the code that stays', () => {
    const source = `z.object({ description: Text.meta({ description: 'x' }), a: z.array(B.describe('y')) })`;
    expect(withoutDocumentation('a.ts', source)).toBe('z.object({ description: Text, a: z.array(B) })');
  });

  test('lose the texts of an operation and nothing else of it', () => {
    const source = `operations({ get: { method: 'GET', summary: 's', description: 'd' + e, answer: 'a', body: z.object({ answer: A }) } })`;
    const kept = withoutDocumentation('a.ts', source);
    expect(kept.replaceAll(/\s+/g, ' ')).toBe(
      `operations({ get: { method: 'GET', body: z.object({ answer: A }) } })`,
    );
  });

  test('parse as before, without zod’s JSON Schema generator', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dukenet-bundle-'));
    try {
      const outfile = join(folder, 'out.mjs');
      const contents = `import * as z from 'zod'; export const A = z.strictObject({ a: z.string().min(2), b: z.array(z.int()).optional() });`;
      const built = (plugins: (typeof undocumentedContracts)[]) =>
        build({
          stdin: { contents, resolveDir: import.meta.dirname },
          bundle: true,
          minify: true,
          format: 'esm',
          write: false,
          plugins,
        }).then(({ outputFiles }) => outputFiles[0]!.text);
      const [whole, without] = [await built([]), await built([undocumentedContracts])];
      expect(whole.length - without.length).toBeGreaterThan(10_000);
      writeFileSync(outfile, without);
      const { A } = (await import(pathToFileURL(outfile).href)) as {
        A: {
          safeParse: (value: unknown) => { success: boolean };
          toJSONSchema: () => unknown;
        };
      };
      expect([{ a: 'ab' }, { a: 'a' }, { a: 'ab', b: [1.5] }].map((v) => A.safeParse(v).success)).toEqual([
        true,
        false,
        false,
      ]);
      expect(() => A.toJSONSchema()).toThrow('without JSON Schemas');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
