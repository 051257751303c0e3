import { expectTypeOf, it } from 'vitest';
import type { EventType } from '../../../contracts/events/index.ts';
import type { Consumer, Subscriptions } from '../../../lib/events/events.ts';

it('does not compile where an event has neither a consumer nor a reason to have none', () => {
  const unheard = { unheard: 'nobody needs it yet' } as const;
  const all: Subscriptions = {
    'task.created': unheard,
    'task.chunks_done': unheard,
    'task.updated': unheard,
    'result.judged': unheard,
    'agent.assigned': unheard,
    'agent.account_changed': unheard,
    'training.triggered': unheard,
    'model.run.updated': unheard,
  };
  const { 'task.created': _left, ...rest } = all;
  // @ts-expect-error -- an event is left out
  const missing: Subscriptions = rest;
  // @ts-expect-error -- no consumer
  const none: Subscriptions = { ...all, 'task.created': [] };
  const consumer = { queue: {} as Consumer<'task.created'>['queue'] };
  // @ts-expect-error -- the event has no such field
  const field: Subscriptions = { ...all, 'task.created': [{ ...consumer, only: { verdict: 'accepted' } }] };
  const one: Subscriptions = { ...all, 'task.created': [consumer] };
  expectTypeOf([missing, none, field, one]).toEqualTypeOf<Subscriptions[]>();
  expectTypeOf<keyof Subscriptions>().toEqualTypeOf<EventType>();
});
