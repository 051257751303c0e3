import { describe, expect, test } from 'vitest';
import { eventsOf } from '../../../lambdas/events/events-of.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { changeRecord as record, taskItem } from '../support/stream-records.ts';

const taskId = newId();
const buyer = newId();
const task = (overrides: object = {}) => taskItem({ id: taskId, buyer_id: buyer, ...overrides });

describe('the events of a change', () => {
  const created = task({ status: 'created', chunks_left: undefined });
  const updated = (status: string, settlement: string) => ({
    type: 'task.updated',
    detail: { task_id: taskId, buyer_id: buyer, assigned_agent_id: 'duke-mm', status, settlement },
  });
  const done = { type: 'task.chunks_done', detail: { task_id: taskId } };
  const withdrawal = { type: 'task.training_withdrawn', detail: { task_id: taskId } };
  const strip = (item: object) => JSON.parse(JSON.stringify(item)) as object;

  test.each([
    [
      'a new task',
      undefined,
      created,
      [{ type: 'task.created', detail: { task_id: taskId, assigned_agent_id: 'duke-mm' } }],
    ],
    [
      'a new task with chunks',
      undefined,
      task({ status: 'assigned' }),
      [
        { type: 'task.created', detail: { task_id: taskId, assigned_agent_id: 'duke-mm' } },
        updated('assigned', 'held'),
      ],
    ],
    ['the start', task({ status: 'assigned' }), task(), [updated('executing', 'held')]],
    ['a chunk of many', task({ chunks_left: 2 }), task(), []],
    ['the last chunk', task(), task({ chunks_left: 0 }), [done]],
    ['a write after the last chunk', task({ chunks_left: 0 }), task({ chunks_left: 0, x: 1 }), []],
    [
      'the last chunk and the start in one',
      task({ status: 'assigned' }),
      task({ chunks_left: 0 }),
      [updated('executing', 'held'), done],
    ],
    [
      'the end',
      task({ chunks_left: 0 }),
      task({ chunks_left: 0, status: 'completed' }),
      [updated('completed', 'held')],
    ],
    [
      'the settlement',
      task({ status: 'completed' }),
      task({ status: 'completed', settlement: 'split' }),
      [updated('completed', 'split')],
    ],
    ['a withdrawal', task({ allow_training: true }), task({ allow_training: false }), [withdrawal]],
    ['a removal', task(), undefined, []],
    ['another kind of item', undefined, { pk: 'FILE#1', sk: 'FILE', entity: 'file', id: newId() }, []],
  ])('%s', (_, before, after, events) => {
    expect(eventsOf(record(before && strip(before), after && strip(after)))).toEqual(events);
  });

  describe('the event for an agent with a new task', () => {
    const agent = newId();
    const at = '2026-03-01T12:00:00.000Z';
    const given = (overrides: object) =>
      task({
        assigned_agent_id: agent,
        kind: 'classification',
        item_count: 2,
        price_satoshis: 120_000,
        assigned_at: at,
        deadline_at: at,
        status: 'assigned',
        ...overrides,
      });
    const told = (before: object | undefined, after: object) =>
      eventsOf(record(before, after)).filter(({ type }) => type === 'agent.assigned');

    test('is sent once its items are ready, with the fields for a message and no content', () => {
      const [event] = told(given({ status: 'created', assigned_at: 'none' }), given({}));
      expect(event?.detail).toEqual({
        agent_id: agent,
        task_id: taskId,
        attempt: 1,
        kind: 'classification',
        item_count: 2,
        price_satoshis: 120_000,
        assigned_at: at,
        deadline_at: at,
      });
    });

    test.each([
      ['one that moved to it', given({ status: 'executing' }), given({ attempt: 2 }), 1],
      [
        'one that moved before it was ready',
        given({ status: 'created' }),
        given({ status: 'created', attempt: 2 }),
        0,
      ],
      ['one that it starts', given({}), given({ status: 'executing' }), 0],
      ['one that changes otherwise', given({}), given({ updated_at: at }), 0],
      ['one of Duke MM', given({ status: 'created' }), given({ assigned_agent_id: 'duke-mm' }), 0],
    ])('%s', (_, before, after, count) => {
      expect(told(before, after)).toHaveLength(count);
    });
  });

  test.each([
    ['disabled', { is_active: true }, { is_active: false }, true],
    ['enabled', { is_active: false }, { is_active: true }, true],
    ['made a buyer', {}, { user_type: 'buyer' }, true],
    ['renamed', { full_name: 'A' }, { full_name: 'B' }, false],
    ['a disabled buyer', { user_type: 'buyer' }, { user_type: 'buyer', is_active: false }, false],
    ['registered', undefined, {}, false],
  ])('an agent that is %s', (_, before, after, news) => {
    const id = newId();
    const user = (fields: object) => ({ entity: 'user', id, user_type: 'agent', is_active: true, ...fields });
    expect(eventsOf(record(before && user(before), user(after)))).toEqual(
      news ? [{ type: 'agent.account_changed', detail: { agent_id: id } }] : [],
    );
  });

  test.each([
    ['pending', 'accepted', true],
    ['pending', 'auto_accepted', true],
    ['pending', 'pending', false],
    ['rejected', 'rejected', false],
  ])('a verdict from %s to %s: %s', (before, after, news) => {
    const id = newId();
    const result = (verdict: string) => ({
      entity: 'result',
      id,
      task_id: taskId,
      verdict,
      result_text: 'secret',
    });
    expect(eventsOf(record(before === undefined ? undefined : result(before), result(after)))).toEqual(
      news ? [{ type: 'result.judged', detail: { task_id: taskId, result_id: id, verdict: after } }] : [],
    );
  });
});

describe('events for live readers', () => {
  const agent = newId();

  test('a reassigned task is reported to its buyer and to the new agent', () => {
    const timed = { deadline_at: '2026-03-02T09:30:00.000Z', assigned_at: '2026-03-01T09:30:00.000Z' };
    const before = task({ status: 'assigned', assigned_agent_id: newId() });
    const moved = task({
      ...{ status: 'assigned', assigned_agent_id: agent, attempt: 2, ...timed },
      ...{ kind: 'classification', item_count: 1, price_satoshis: 1 },
    });
    const events = eventsOf(record(before, moved));
    expect(events.map(({ type }) => type)).toEqual(['task.created', 'agent.assigned', 'task.updated']);
    expect(events[2]?.detail).toMatchObject({ buyer_id: buyer, assigned_agent_id: agent });
  });

  test('a new task with chunks is reported to its agent', () => {
    const posted = task({
      ...{ status: 'assigned', assigned_agent_id: agent, kind: 'classification', item_count: 1 },
      ...{
        price_satoshis: 1,
        deadline_at: '2026-03-02T09:30:00.000Z',
        assigned_at: '2026-03-01T09:30:00.000Z',
      },
    });
    const events = eventsOf(record(undefined, posted));
    expect(events.map(({ type }) => type)).toEqual(['task.created', 'agent.assigned', 'task.updated']);
    expect(events[1]?.detail).toMatchObject({ agent_id: agent, task_id: taskId, attempt: 1 });
  });

  test('a new result and a changed wallet are reported', () => {
    const id = newId();
    const result = {
      ...{ entity: 'result', id, task_id: taskId, buyer_id: buyer, agent_id: agent },
      ...{ verdict: 'pending', result_text: 'secret' },
    };
    expect(eventsOf(record(undefined, result))).toEqual([
      {
        type: 'result.created',
        detail: { task_id: taskId, result_id: id, buyer_id: buyer, agent_id: agent },
      },
    ]);
    const wallet = { entity: 'wallet', user_id: buyer, balance_satoshis: 1 };
    expect(eventsOf(record(wallet, { ...wallet, balance_satoshis: 2 }))).toEqual([
      { type: 'wallet.updated', detail: { user_id: buyer } },
    ]);
  });
});
