import { readFileSync } from 'node:fs';
import * as z from 'zod';

const Outcome = z.strictObject({
  domain: z.string(),
  examples: z.int().nonnegative(),
  answers: z.array(z.strictObject({ confidence: z.number(), right: z.boolean() })).min(1),
});

/** Tasks that `python -m benchmarks quotes` answered, from its JSON lines. */
export const readOutcomes = (path: string): z.infer<typeof Outcome>[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => Outcome.parse(JSON.parse(line)));
