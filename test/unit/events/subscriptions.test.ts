import { expectTypeOf, it } from 'vitest';
import type { EventType } from '../../../contracts/events/index.ts';
import type { Consumer, Subscriptions } from '../../../lib/events/events.ts';

it('does not compile if an event has no consumer', () => {
  const queue = {} as Consumer<'task.created'>['queue'];
  const consumers = [{ queue }] as const;
  const all: Subscriptions = {
    'task.created': consumers,
    'task.chunks_done': consumers,
    'task.updated': consumers,
    'task.training_withdrawn': consumers,
    'agent.assigned': consumers,
    'result.created': consumers,
    'wallet.updated': consumers,
    'agent.account_changed': consumers,
    'result.judged': consumers,
    'training.triggered': consumers,
    'model.run.updated': consumers,
  };
  const { 'task.created': _left, ...rest } = all;
  // @ts-expect-error -- an event is left out
  const missing: Subscriptions = rest;
  // @ts-expect-error -- no consumer
  const none: Subscriptions = { ...all, 'task.created': [] };
  const consumer = { queue };
  // @ts-expect-error -- the event has no such field
  const field: Subscriptions = { ...all, 'task.created': [{ ...consumer, only: { verdict: 'accepted' } }] };
  const one: Subscriptions = { ...all, 'task.created': [consumer] };
  expectTypeOf([missing, none, field, one]).toEqualTypeOf<Subscriptions[]>();
  expectTypeOf<keyof Subscriptions>().toEqualTypeOf<EventType>();
});
