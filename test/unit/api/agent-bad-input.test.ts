import { beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '../../../contracts/limits.ts';
import { HOUR, MINUTE } from '../../../lambdas/shared/clock.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { planTask } from '../../../lambdas/tasks/plan-task.ts';
import { followAccount } from '../../../lambdas/tasks/withdraw-agent.ts';
import { ANSWERS, givenTo, registerAgent, setActive } from '../support/agents.ts';
import type { TestAgent } from '../support/agents.ts';
import { marketApi } from '../support/market-api.ts';
import type { Answer, Send } from '../support/market-api.ts';
import { buyer, fund, marketplace, taskBody } from '../support/marketplace.ts';
import type { Marketplace } from '../support/marketplace.ts';
import { expectSound } from '../support/money-sound.ts';
import { sweepAll } from '../support/task-flow.ts';

/** The bad input that an agent's day and a quote must survive; each case through the API. */
const me = buyer();
let market: Marketplace;
let ann: TestAgent;
let bob: TestAgent;
let send: Send;

beforeEach(async () => {
  market = await marketplace('2026-03-01T12:00:00.000Z', (target) => target, [
    'classification',
    'regression',
  ]);
  await fund(market, me, 10_000_000);
  ann = await registerAgent(market, 'ann-agent');
  bob = await registerAgent(market, 'bob-agent');
  send = marketApi(market);
});

const submit = (taskId: string, body: unknown, agent = ann): Promise<Answer> =>
  send('submitResult', agent.caller, { task_id: taskId, body });
const refusal = (status: number, code: string) => ({ status, body: { code } });
const answering = (prediction: unknown) => ({ items: [{ id: 'item:1', prediction }] });
const statusOf = async (taskId: string) => (await market.tasks.get(taskId))?.status;

describe('an answer', () => {
  it('to a task of another agent gets 404', async () => {
    const taskId = await givenTo(market, me, ann);
    expect(await submit(taskId, ANSWERS, bob)).toMatchObject(refusal(404, 'not_found'));
    const other = { ...ANSWERS, task_id: taskId };
    expect(await send('createResult', bob.caller, { body: other })).toMatchObject(refusal(404, 'not_found'));
    expect(await submit(newId(), ANSWERS)).toMatchObject(refusal(404, 'not_found'));
  });

  it.each(['NaN', '1e999', '"NaN"', '"Infinity"', '""', 'null', '[]', '{}', 'true'])(
    'of %s to a regression task is rejected and changes nothing',
    async (prediction) => {
      const taskId = await givenTo(market, me, ann, {
        kind: 'regression',
        labels: undefined,
        examples: [1, 2, 3].map((expected) => ({ fields: { text: `a ${expected}` }, expected })),
      });
      const { status } = await submit(taskId, `{"items":[{"id":"item:1","prediction":${prediction}}]}`);
      expect([400, 422]).toContain(status);
      expect(await statusOf(taskId)).toBe('assigned');
    },
  );

  it('outside the set of labels is rejected with a reason for its item', async () => {
    const taskId = await givenTo(market, me, ann);
    const items = [...ANSWERS.items.slice(1), { id: 'item:1', prediction: 'eggs' }];
    expect(await submit(taskId, { items })).toMatchObject({
      ...refusal(422, 'validation_failed'),
      body: { errors: [{ path: 'items.1.prediction' }] },
    });
    expect(await statusOf(taskId)).toBe('assigned');
  });

  it('to an unknown item, or twice to one item, is rejected', async () => {
    const taskId = await givenTo(market, me, ann);
    const unknown = { items: [{ id: 'item:9', prediction: 'spam' }] };
    expect(await submit(taskId, unknown)).toMatchObject(refusal(422, 'validation_failed'));
    const twice = { items: [...answering('spam').items, ...answering('ham').items] };
    expect(await submit(taskId, twice)).toMatchObject(refusal(422, 'validation_failed'));
  });

  it('of 10 MB, or longer than the limit of an answer, is rejected', async () => {
    const taskId = await givenTo(market, me, ann);
    const huge = await submit(taskId, answering('a'.repeat(10_000_000)));
    expect([413, 422]).toContain(huge.status);
    const long = answering('a'.repeat(LIMITS.answer.value + 1));
    expect(await submit(taskId, long)).toMatchObject(refusal(422, 'validation_failed'));
    expect(await statusOf(taskId)).toBe('assigned');
  });

  it('to some of the items waits for the others', async () => {
    const taskId = await givenTo(market, me, ann);
    expect(await submit(taskId, answering('spam'))).toMatchObject({
      status: 201,
      body: { outcome: 'open', answered_count: 1, item_count: 2, result: null },
    });
    expect(await statusOf(taskId)).toBe('executing');
  });

  it('that is sent twice delivers once; a different one after it is rejected', async () => {
    const taskId = await givenTo(market, me, ann);
    const [first, second] = await Promise.all([submit(taskId, ANSWERS), submit(taskId, ANSWERS)]);
    for (const { status, body } of [first, second, await submit(taskId, ANSWERS)])
      expect([status, body['outcome']]).toEqual([201, 'delivered']);
    const results = [...market.table.items.values()].filter(({ entity }) => entity === 'result');
    expect(results).toHaveLength(1);
    const other = { items: ANSWERS.items.map((item) => ({ ...item, prediction: 'ham' })) };
    expect(await submit(taskId, other)).toMatchObject(refusal(409, 'wrong_state'));
  });

  it('after the deadline is rejected, before and after the sweep, and the price is refunded once', async () => {
    const taskId = await givenTo(market, me, ann);
    market.passTime(24 * HOUR + 1);
    expect(await submit(taskId, ANSWERS)).toMatchObject(refusal(409, 'wrong_state'));
    await sweepAll(market);
    const late = await submit(taskId, ANSWERS);
    expect(late).toMatchObject(refusal(409, 'wrong_state'));
    expect(String(late.body['detail'])).toContain('deadline');
    await expectSound(market, [me], 'a late answer');
  });

  it('of an agent that was disabled meanwhile is rejected, and its task is reassigned', async () => {
    const taskId = await givenTo(market, me, ann);
    await submit(taskId, answering('spam'));
    await setActive(market, ann, false);
    await followAccount(market, ann.id);
    expect(await submit(taskId, ANSWERS)).toMatchObject(refusal(409, 'wrong_state'));
    expect((await market.tasks.get(taskId))?.assigned_agent_id).not.toBe(ann.id);
    await expectSound(market, [me], 'a disabled agent');
  });

  it('and a concurrent cancellation of its task: one of them wins', async () => {
    for (let round = 0; round < 10; round++) {
      const taskId = await givenTo(market, me, ann);
      const cancels = () => send('cancel', me, { task_id: taskId });
      const [first, second] =
        round % 2 === 0
          ? await Promise.all([submit(taskId, ANSWERS), cancels()])
          : (await Promise.all([cancels(), submit(taskId, ANSWERS)])).reverse();
      const won = [first?.status === 201, second?.status === 200];
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await statusOf(taskId)).toBe(won[0] ? 'completed' : 'cancelled');
      await expectSound(market, [me], `round ${round}`);
    }
  });
});

describe('a lease', () => {
  it('that is taken twice is the same lease; another agent gets 404', async () => {
    const taskId = await givenTo(market, me, ann);
    const start = (agent: TestAgent) => send('startTask', agent.caller, { task_id: taskId });
    const both = await Promise.all([start(ann), start(ann)]);
    expect(both.map(({ status, body }) => [status, body['status']])).toEqual([
      [200, 'executing'],
      [200, 'executing'],
    ]);
    expect(await start(bob)).toMatchObject(refusal(404, 'not_found'));
    expect((await market.profiles.get(ann.id))?.load).toBe(1);
    expect(await send('cancel', me, { task_id: taskId })).toMatchObject(refusal(409, 'wrong_state'));
  });

  it('cannot be taken by buyers and administrators', async () => {
    const taskId = await givenTo(market, me, ann);
    expect(await send('startTask', me, { task_id: taskId })).toMatchObject(refusal(403, 'forbidden'));
    const admin = { ...buyer(), role: 'admin' as const };
    expect(await send('submitResult', admin, { task_id: taskId, body: ANSWERS })).toMatchObject(
      refusal(403, 'forbidden'),
    );
  });
});

describe('a quote', () => {
  const posting = taskBody({ examples: [{ fields: { text: 'Cheap watches' }, expected: 'spam' }] });
  const quoted = async (who = me): Promise<string> => {
    const { status, body } = await send('quoteTask', who, { body: posting });
    expect(status).toBe(201);
    return String(body['quote_id']);
  };
  const post = (quoteId: string, other: object = {}, who = me) =>
    send('create', who, { body: { ...posting, ...other, quote_id: quoteId } });
  const held = async () => (await market.wallets.get(me.userId)).held_satoshis;

  it('that expired is rejected', async () => {
    const id = await quoted();
    market.passTime(10 * MINUTE + 1);
    expect(await post(id)).toMatchObject(refusal(409, 'quote_expired'));
    expect(await held()).toBe(0);
  });

  it('can be used for one task', async () => {
    const id = await quoted();
    const answers = await Promise.all([post(id), post(id), post(id)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(await post(id)).toMatchObject(refusal(409, 'quote_used'));
    const created = answers.find(({ status }) => status === 201);
    expect(await held()).toBe(created?.body['price_satoshis']);
  });

  it('of another buyer is rejected like an unknown one', async () => {
    const other = buyer();
    await fund(market, other, 10_000_000);
    const theirs = await quoted(other);
    const [known, unknown] = [await post(theirs), await post(newId())];
    expect(known).toMatchObject(refusal(422, 'quote_unknown'));
    expect(unknown.body['detail']).toBe(known.body['detail']);
  });

  it.each([
    ['other items', { items: [{ fields: { text: 'another mail' } }] }],
    ['a higher complexity', { complexity: 2 }],
    ['a lower price limit', { max_price_satoshis: 1 }],
    ['a review that was not quoted', { review_below: 0.9 }],
  ])('is rejected with %s', async (_, other) => {
    const answer = await post(await quoted(), other);
    expect([answer.status, answer.body['code']]).toEqual([422, 'quote_mismatch']);
    expect(await held()).toBe(0);
  });
});

describe('review_below', () => {
  it.each([-0.1, 1.1, '0.5', null, 'NaN'])('of %j is rejected', async (review_below) => {
    const body = { ...taskBody(), review_below };
    expect(await send('create', me, { body })).toMatchObject(refusal(422, 'validation_failed'));
  });

  it.each([0, 1])('of %d is accepted', async (review_below) => {
    const { status, body } = await send('create', me, { body: { ...taskBody(), review_below } });
    expect(status).toBe(201);
    await planTask(market, String(body['id']));
  });
});
