import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Kind } from '../../../contracts/entities/common.ts';
import { answerFault } from '../../../contracts/learning/trainable.ts';

const Case = z.strictObject({
  name: z.string(),
  kind: Kind,
  labels: z.array(z.string()),
  answer: z.union([z.string(), z.number()]),
  fault: z.string().nullable(),
});
const cases = z
  .array(Case)
  .parse(JSON.parse(readFileSync(new URL('../../contract/trainable.json', import.meta.url), 'utf8')));

describe('trainable answers', () => {
  it.each(cases)('$name', ({ kind, labels, answer, fault }) => {
    expect(answerFault(kind, labels, answer) ?? null).toBe(fault);
  });

  it('rejects answers that are not numbers', () => {
    for (const answer of [Number.NaN, Infinity, -Infinity]) {
      expect(answerFault('regression', [], answer)).toBe('the answer is beyond ±1e100');
    }
  });
});
