import fc from 'fast-check';
import { expect, it } from 'vitest';
import { agentStep } from '../support/agent-walk-steps.ts';
import { AgentWalk } from '../support/agent-walk.ts';

/** A thousand walks and more: `npm run money:walk -- --of agents`. */
it('keeps money, loads and earnings exact for random concurrent actions of three agents', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(agentStep, { minLength: 40, maxLength: 40 }), async (steps) => {
      const walk = await AgentWalk.start();
      for (const next of steps) await walk.take(next);
      await walk.end();
      for (const [what, count] of walk.counts) seen.set(what, (seen.get(what) ?? 0) + count);
      for (const item of walk.market.table.items.values()) {
        if (item['entity'] !== 'assignment') continue;
        const outcome = `assignment: ${String(item['outcome'])}`;
        seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
      }
    }),
    { numRuns: 60 },
  );
  // The walk reaches the interesting places, or the property would say nothing.
  const outcomes = ['delivered', 'missed', 'given_up', 'cancelled'].map(
    (outcome) => `assignment: ${outcome}`,
  );
  const others = ['refused: wrong_state', 'refused: validation_failed', 'accept', 'reject'];
  for (const what of [...outcomes, ...others, 'posted with a quote', 'refused: quote_mismatch'])
    expect([what, (seen.get(what) ?? 0) > 5]).toEqual([what, true]);
  // About seven and eighteen of them.
  for (const state of ['answered', 'not_needed'])
    expect([state, seen.has(`review: ${state}`)]).toEqual([state, true]);
});
