import { expectTypeOf, it } from 'vitest';
import type { RunStatus, TriggerReason } from '../../../../contracts/entities/run.ts';
import type { RUN_STATUS } from './words.ts';
import { TRIGGER } from './words.ts';

it('does not compile without texts for every reason and every state of a run', () => {
  expectTypeOf<keyof typeof TRIGGER>().toEqualTypeOf<TriggerReason>();
  expectTypeOf<keyof typeof RUN_STATUS>().toEqualTypeOf<RunStatus>();
  const { schedule: _left, ...rest } = TRIGGER;
  // @ts-expect-error -- a reason is left out
  const missing: typeof TRIGGER = rest;
  expectTypeOf(missing).toEqualTypeOf<typeof TRIGGER>();
});
