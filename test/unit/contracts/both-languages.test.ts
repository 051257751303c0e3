import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOutcome } from '../../../lambdas/learning/outcomes/read-outcome.ts';
import { MODEL_MESSAGES, messageSchemas, READ_BY_MODEL } from '../../../scripts/model-contract/messages.ts';
import type { ModelMessage } from '../../../scripts/model-contract/messages.ts';
import { boundsIn, everyFieldChanged, everyLength, mutations } from '../../support/message-mutations.ts';
import { judgedByTheModel } from '../../support/protocol-judge.ts';
import type { Case } from '../../support/protocol-judge.ts';

const SEED = 20261130;
const CASES = 200;

const sample = (file: string): Record<string, never> =>
  JSON.parse(readFileSync(new URL(`../../contract/${file}.json`, import.meta.url), 'utf8')) as Record<
    string,
    never
  >;
const { request, example, response, error } = sample('invocation');
const { manifest, examples } = sample('manifest');
const SAMPLES: Readonly<Record<ModelMessage, readonly never[]>> = {
  InvocationRequest: [request!],
  ExamplePayload: [example!],
  InvocationResponse: [response!],
  InvocationError: [error!],
  DataManifest: [manifest!],
  TrainingExample: Object.values(examples!),
  ModelEvaluation: [sample('evaluation') as never, sample('evaluation-held-back') as never],
};
const schemas = messageSchemas() as { $defs: Record<ModelMessage, object> };

/** Whether the TypeScript side accepts a text that arrives. */
function accepted(message: ModelMessage, text: string): boolean {
  if (message === 'TrainingExample') return 'example' in readOutcome(text);
  try {
    return MODEL_MESSAGES[message].safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

/** Texts that one language accepts and the other refuses. */
function disagreements(
  message: ModelMessage,
  texts: readonly string[],
): { differing: string[]; valid: number } {
  const verdicts = judgedByTheModel(texts.map((text): Case => ({ what: message, text })));
  const differing = texts.flatMap((text, i) =>
    accepted(message, text) === (verdicts[i] === null)
      ? []
      : [`${verdicts[i] ?? 'accepted'}: ${text.slice(0, 1500)}`],
  );
  return { differing, valid: verdicts.filter((why) => why === null).length };
}

describe('TypeScript and Python agree on', () => {
  const bounds = boundsIn(schemas.$defs);

  it.each(Object.keys(MODEL_MESSAGES) as ModelMessage[])('random changes of %s', (message) => {
    const samples = SAMPLES[message].map((one) => mutations(one, bounds));
    const texts = fc.sample(fc.oneof(...samples), { seed: SEED, numRuns: CASES });
    const { differing, valid } = disagreements(message, texts);
    expect(differing).toEqual([]);
    expect(valid).toBeGreaterThan(CASES / 10);
    expect(CASES - valid).toBeGreaterThan(CASES / 4);
  });

  it.each(Object.keys(MODEL_MESSAGES) as ModelMessage[])(
    'every field of %s',
    (message) => {
      expect(disagreements(message, SAMPLES[message].flatMap(everyFieldChanged)).differing).toEqual([]);
    },
    30_000,
  );

  it.each(Object.keys(READ_BY_MODEL) as ModelMessage[])('the length of every text of %s', (message) => {
    const texts = SAMPLES[message].slice(0, 1).flatMap((one) => everyLength(one, bounds));
    expect(disagreements(message, texts).differing).toEqual([]);
  });
});
