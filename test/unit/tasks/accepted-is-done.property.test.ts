import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CreateTaskBody } from '../../../contracts/api/task-bodies.ts';
import { DukeError } from '../../../contracts/errors.ts';
import { objects } from '../../../contracts/naming.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { completeTask } from '../../../lambdas/tasks/complete-task.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import {
  hostileName,
  hostileNumber,
  hostileText,
  hostileValue,
  named,
} from '../../support/hostile-values.ts';
import { judgedByTheModel } from '../../support/protocol-judge.ts';
import type { Case } from '../../support/protocol-judge.ts';
import { buyer, fund, marketplace } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { drain, PRICE } from '../support/task-flow.ts';

const BODIES = 600;
const MIN_ACCEPTED = 150;

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const id = fc.oneof(
  fc.constantFrom('item:1', 'item:2', 'item:2.1', 'example:1', 'a', 'a\u200b'),
  hostileName(),
);
const item = fc.record({ id: maybe(id), fields: maybe(named(hostileValue())) }, { requiredKeys: [] });
const answer = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('ham', 'spam', 'caf\u00e9', 'cafe\u0301', 1, 1e-7, 0.1 + 0.2) },
  { weight: 1, arbitrary: fc.oneof(hostileText(120), hostileNumber()) },
);
const example = fc.record(
  { fields: maybe(named(hostileValue())), expected: answer },
  { requiredKeys: ['expected'] },
);
const body = fc.record(
  {
    description: fc.oneof(
      { weight: 4, arbitrary: fc.constant('What is it?') },
      { weight: 1, arbitrary: hostileText(4100) },
    ),
    complexity: fc.constant(1),
    kind: maybe(fc.constantFrom('classification', 'regression', 'generation')),
    labels: maybe(
      fc.oneof(
        fc.constant(['ham', 'spam', 'caf\u00e9', '1', '1e-7', '0.30000000000000004']),
        fc.array(hostileName(), { minLength: 2, maxLength: 5 }),
      ),
    ),
    target: maybe(hostileName()),
    items: fc.array(item, { minLength: 1, maxLength: 4 }),
    examples: fc.array(example, { maxLength: 5 }),
  },
  { requiredKeys: ['description', 'complexity', 'items'] },
);

/** A task from its body to its result; what is sent to the model on the way. Undefined where it is refused at once. */
async function done(market: Marketplace, parsed: CreateTaskBody): Promise<Case[] | undefined> {
  const me = buyer();
  await fund(market, me, PRICE);
  const taskId = await createTask(market, me, parsed, newId()).then(
    (task) => task.id,
    (error: unknown) => {
      if (error instanceof DukeError && error.status === 422) return undefined;
      throw error;
    },
  );
  if (taskId === undefined) {
    expect((await market.wallets.get(me.userId)).held_satoshis).toBe(0);
    return undefined;
  }
  await planTask(market, taskId);
  market.dukeMM.requests.length = 0;
  await drain(market);
  await completeTask(market, taskId);
  const task = await market.tasks.get(taskId);
  expect(task, `${JSON.stringify(parsed)} became ${JSON.stringify(task)}`).toMatchObject({
    status: 'completed',
  });
  const cases: Case[] = market.dukeMM.requests.map((sent) => ({
    what: 'request',
    text: JSON.stringify(sent),
  }));
  if (task && task.example_count > 0)
    cases.push({ what: 'examples', text: await market.work.text(objects.examples(taskId)) });
  return cases;
}

describe('an accepted task', () => {
  it('can be completed: nothing in its body is rejected later', async () => {
    const market = await marketplace(undefined, undefined, ['classification', 'regression', 'generation']);
    const cases: Case[] = [];
    let accepted = 0;
    for (const made of fc.sample(body, { seed: 11, numRuns: BODIES })) {
      const parsed = CreateTaskBody.safeParse(JSON.parse(JSON.stringify(made)));
      const sent = parsed.success ? await done(market, parsed.data) : undefined;
      if (sent) accepted += 1;
      cases.push(...(sent ?? []));
    }
    expect(accepted).toBeGreaterThanOrEqual(MIN_ACCEPTED);
    const refused = judgedByTheModel(cases).flatMap((why, i) =>
      why === null ? [] : [`${why}: ${cases[i]?.text}`],
    );
    expect(refused).toEqual([]);
  });
});
