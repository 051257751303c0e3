import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { ExamplePayload, InvocationRequest } from '../../../contracts/serving/invocation.ts';
import { hostileNumber, hostileText, hostileValue, named } from '../../support/hostile-values.ts';
import { judgedByTheModel } from '../../support/protocol-judge.ts';
import type { Case } from '../../support/protocol-judge.ts';

const SEED = 11;
const WANTED = 250;

const often = <T>(usual: T, other: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });
const maybe = (value: fc.Arbitrary<unknown>) => fc.option(value, { nil: undefined });

const sha256 = often('0a'.repeat(32), fc.constantFrom('0A'.repeat(32), 'zz'.repeat(32), '0a'));
const medium = fc.record({
  uri: often('s3://files/ready/1', hostileText(2100)),
  file_type: often('text', hostileText(45)),
  sha256,
  size_bytes: often(10, fc.constantFrom(-1, 0, 1.5, 2 ** 40)),
});
const item = fc.record(
  { id: often('item:1', hostileText(257)), fields: named(hostileValue(), 3), media: maybe(named(medium, 1)) },
  { requiredKeys: ['id', 'fields'] },
);
const answer = fc.oneof(hostileText(500), hostileNumber());
const example = fc.tuple(item, answer).map(([one, expected]) => ({ ...one, expected }));
const labels = fc.array(often('ham', hostileText(81)), { maxLength: 5 });
const examplesAt = fc.record({
  uri: often('s3://work/1', hostileText(2100)),
  sha256,
  count: often(3, fc.constantFrom(-1, 0, 0.5)),
});
const request = fc.record(
  {
    task: fc.record(
      {
        id: fc.uuid(),
        family: often('fam_1', hostileText(257)),
        kind: fc.constantFrom('classification', 'regression', 'generation'),
        description: often('What is it?', hostileText(4100)),
        labels: maybe(labels),
        target: maybe(often('label', hostileText(201))),
      },
      { requiredKeys: ['id', 'family', 'kind', 'description'] },
    ),
    examples: maybe(examplesAt),
    recalled: maybe(examplesAt),
    items: fc.array(item, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['task', 'items'] },
);

/** Of generated values those that the schema accepts, as they travel. */
function accepted(schema: z.ZodType, values: fc.Arbitrary<unknown>, what: Case['what']): Case[] {
  const cases: Case[] = [];
  for (const value of fc.sample(values, { seed: SEED, numRuns: 20 * WANTED })) {
    const sent = JSON.stringify(value);
    if (schema.safeParse(JSON.parse(sent)).success) cases.push({ what, text: sent });
    if (cases.length === WANTED) break;
  }
  expect(cases.length).toBe(WANTED);
  return cases;
}

const refused = (cases: readonly Case[]): string[] =>
  judgedByTheModel(cases).flatMap((why, i) =>
    why === null ? [] : [`${why}: ${cases[i]?.text.slice(0, 300)}`],
  );

describe('the model accepts what the contract accepts', () => {
  it('requests', () => {
    expect(refused(accepted(InvocationRequest, request, 'request'))).toEqual([]);
  });

  it('examples', () => {
    expect(refused(accepted(ExamplePayload, example, 'examples'))).toEqual([]);
  });
});

describe('the model’s parsers', () => {
  it('reject most of what the contract rejects', () => {
    const broken: Case[] = [
      { what: 'request', text: '{}' },
      { what: 'examples', text: '{"id":"a","fields":{"n":1e101},"expected":"x"}' },
      { what: 'examples', text: '{"id":"a","fields":{},"expected":1e101}' },
      { what: 'outcome', text: '{}' },
    ];
    expect(judgedByTheModel(broken).every((why) => why !== null)).toBe(true);
  });
});
