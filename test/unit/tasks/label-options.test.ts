import { beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../../lambdas/shared/ids.ts';
import { createTask } from '../../../lambdas/tasks/create-task.ts';
import { labelOptionsOf } from '../../../lambdas/tasks/label-options.ts';
import { getTask } from '../../../lambdas/tasks/read-tasks.ts';
import { buyer, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { delivered } from '../support/task-flow.ts';

const me = buyer();
let market: Marketplace;

beforeEach(async () => {
  market = await marketplace();
  await fund(market, me, 1_000_000);
});

describe('descriptions and costs of labels', () => {
  it('reach the model, and are shown with the task', async () => {
    const options = { label_descriptions: { spam: 'unwanted mail' }, class_weight: { spam: 5 } };
    const { taskId } = await delivered(market, me, taskBody(options));
    expect(market.dukeMM.requests[0]?.task).toMatchObject({
      labels: ['ham', 'spam'],
      label_descriptions: { spam: 'unwanted mail' },
      class_weight: { spam: 5 },
    });
    expect(await getTask(market, me, taskId)).toMatchObject({
      label_descriptions: { spam: 'unwanted mail' },
      class_weight: { spam: 5 },
    });
  });

  it('are left out of a task that gives none', async () => {
    await delivered(market, me, taskBody());
    expect(market.dukeMM.requests[0]?.task).not.toHaveProperty('class_weight');
    expect(market.dukeMM.requests[0]?.task).not.toHaveProperty('label_descriptions');
  });

  it.each([
    ['a label that the task does not have', { label_descriptions: { junk: 'mail' } }, 'label_descriptions'],
    ['a cost of such a label', { class_weight: { junk: 2 } }, 'class_weight'],
    ['one label in two spellings', { class_weight: { 'caf\u00e9': 2, 'cafe\u0301': 3 } }, 'class_weight'],
  ])('are refused for %s before money is held', async (_, options, path) => {
    const refused = createTask(market, me, taskBody({ labels: ['caf\u00e9', 'spam'], ...options }), newId());
    await expect(refused).rejects.toMatchObject({ code: 'validation_failed', errors: [{ path }] });
    expect(await market.wallets.get(me.userId)).toMatchObject({ held_satoshis: 0 });
  });

  it.each([
    { class_weight: 'balanced' as const },
    { class_weight: { a: 1 } },
    { label_descriptions: { a: 'b' } },
  ])('are refused for a task that does not ask for labels: %j', (options) => {
    expect(() => labelOptionsOf(options, undefined)).toThrow('only a task that asks for labels');
  });

  it.each([{ class_weight: { spam: 0 } }, { class_weight: { spam: 1e9 } }, { class_weight: 'rare' }])(
    'are refused outside their bounds: %j',
    (options) => {
      expect(() => taskBody(options as never)).toThrow();
    },
  );

  it('say what a class_weight may be', () => {
    expect(() => taskBody({ class_weight: 7 } as never)).toThrow('`balanced`, or costs by label');
  });
});
