import fc from 'fast-check';

/** What happens to a task. Delivering is the commonest. */
export const TASK_STEPS = [
  'plan',
  'complete',
  'cancel',
  'accept',
  'correct',
  'reject',
  'weigh',
  'poison',
  'deliver',
  'deliver',
] as const;
export const FAULTS = ['none', 'none', 'none', 'busy', 'crash', 'refused', 'last'] as const;

export type Move = 'credit' | 'deposit' | 'withdraw';
export type Action =
  | { do: 'create'; buyer: number; complexity: number; table: boolean; again: boolean }
  | { do: (typeof TASK_STEPS)[number]; task: number }
  | { do: 'execute'; fault: (typeof FAULTS)[number]; duplicate: boolean }
  | { do: Move; buyer: number; amount: number; again: boolean }
  | { do: 'wait'; hours: number }
  | { do: 'price'; base: number }
  | { do: 'replay'; back: number }
  | { do: 'sweep' };
/** An action, or one that dies at its n-th call and is then repeated. */
export type Step = Action & { crash?: { at: number; when: 'before' | 'after' } | undefined };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('create' as const),
      buyer: fc.nat(1),
      complexity: fc.integer({ min: 1, max: 4 }),
      table: fc.boolean(),
      again: fc.boolean(),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom(...TASK_STEPS), task: fc.nat(5) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('execute' as const),
      fault: fc.constantFrom(...FAULTS),
      duplicate: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom<Move>('credit', 'deposit', 'withdraw'),
      buyer: fc.nat(1),
      amount: fc.integer({ min: 1, max: 400_000 }),
      again: fc.boolean(),
    }),
  },
  // 11 minutes: the time of a message; 25 hours: an Idempotency-Key is forgotten, and a review is over.
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.constantFrom(11 / 60, 1, 25) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('price' as const), base: fc.constantFrom(1, 777, 100_000) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('replay' as const), back: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep' as const) }) },
);
export const step: fc.Arbitrary<Step> = fc
  .tuple(
    action,
    fc.option(
      fc.record({
        at: fc.integer({ min: 1, max: 12 }),
        when: fc.constantFrom('before' as const, 'after' as const),
      }),
      { nil: undefined, freq: 4 },
    ),
  )
  .map(([next, crash]) => ({ ...next, crash }));
