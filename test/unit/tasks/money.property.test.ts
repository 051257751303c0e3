import fc from 'fast-check';
import { expect, it } from 'vitest';
import { step } from '../support/money-steps.ts';
import { MoneyWalk } from '../support/money-walk.ts';

/** A million steps: `npm run money:walk`. */
it('balances after every step of random walks with crashes, late repetitions and unreadable records', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 60 }), async (steps) => {
      const walk = await MoneyWalk.start();
      for (const next of steps) await walk.take(next);
      for (const [what, count] of [...walk.counts, ...walk.movements])
        seen.set(what, (seen.get(what) ?? 0) + count);
    }),
    { numRuns: 60 },
  );
  // The walk reaches the interesting places, or the property would say nothing.
  const steps = ['create', 'replay', 'poison', 'sweep', 'crashed', 'unreadable'];
  const movements = ['credit', 'deposit', 'withdrawal', 'hold', 'release', 'split', 'refund'];
  for (const what of [...steps, ...movements])
    expect([what, (seen.get(what) ?? 0) > 5]).toEqual([what, true]);
});
