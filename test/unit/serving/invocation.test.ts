import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  ExamplePayload,
  InvocationError,
  InvocationRequest,
  InvocationResponse,
} from '../../../contracts/serving/invocation.ts';

/** The same samples are parsed by the model's own tests: what one side writes, the other reads. */
const Samples = z.strictObject({
  request: InvocationRequest,
  example: ExamplePayload,
  response: InvocationResponse,
  error: InvocationError,
});
const text = readFileSync(new URL('../../contract/invocation.json', import.meta.url), 'utf8');

describe('the invocation contract', () => {
  it('parses the shared samples unchanged', () => {
    expect(Samples.parse(JSON.parse(text))).toEqual(JSON.parse(text));
  });

  it.each([['request'], ['example'], ['response']] as const)('knows every field of a %s', (name) => {
    const sample = JSON.parse(text) as Record<string, object>;
    const parsed = Samples.shape[name].safeParse({ ...sample[name], surprise: 1 });
    expect(parsed.success).toBe(false);
  });
});
