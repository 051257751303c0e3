import { describe, expect, test } from 'vitest';
import { withoutDocumentation } from '../../lib/shared/without-documentation.ts';

describe('contracts in a bundle', () => {
  test('lose what documents a schema, however calls are chained', () => {
    const source = `export const A = z.string().meta({ id: 'A', example: f({ b: 1 }) }).min(1).describe('words').optional();`;
    expect(withoutDocumentation('a.ts', source)).toBe('export const A = z.string().min(1).optional();');
  });

  test('keep calls inside of what stays', () => {
    const source = `z.object({ description: Text.meta({ description: 'x' }), a: z.array(B.describe('y')) })`;
    expect(withoutDocumentation('a.ts', source)).toBe('z.object({ description: Text, a: z.array(B) })');
  });

  test('lose the words of an operation and nothing else of it', () => {
    const source = `operations({ get: { method: 'GET', summary: 's', description: 'd' + e, answer: 'a', body: z.object({ answer: A }) } })`;
    const kept = withoutDocumentation('a.ts', source);
    expect(kept.replaceAll(/\s+/g, ' ')).toBe(
      `operations({ get: { method: 'GET', body: z.object({ answer: A }) } })`,
    );
  });
});
