import fc from 'fast-check';
import { expect, it } from 'vitest';
import { giveFeedback } from '../../../lambdas/tasks/feedback.ts';
import { registerAgent, submit } from '../support/agents.ts';
import { buyer, entries, fund, marketplace } from '../support/marketplace.ts';
import { expectSound } from '../support/money-sound.ts';
import { answersTo, postWithReview } from '../support/review-flow.ts';

const me = buyer();

it('splits every price exactly between agent, Duke MM and refund', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
      fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
      fc.integer({ min: 1, max: 1_000_003 }),
      async (unsure, refuse, base) => {
        const market = await marketplace();
        await fund(market, me, 100_000_000);
        const ann = await registerAgent(market, 'ann-agent');
        market.basePriceSatoshis = base;
        const id = await postWithReview(
          market,
          me,
          unsure.map((is) => (is ? 0.2 : 0.9)),
        );
        const theirs = unsure.flatMap((is, i) => (is ? [i + 1] : []));
        if (theirs.length > 0) await submit(market, ann, id, answersTo(theirs));
        const task = (await market.tasks.get(id))!;
        if (task.status !== 'completed') throw new Error(task.status);
        const refused = unsure.flatMap((_, i) => (refuse[i] ? [i + 1] : []));
        const corrections = refused.map((i) => ({ item_id: `item:${i}`, reason: 'no' }));
        await giveFeedback(market, me.userId, task.result_id, {
          verdict: refused.length > 0 ? 'reject' : 'accept',
          corrections,
        });
        await expectSound(market, [me], id);
        const price = task.price_satoshis;
        const part = Math.floor((price * theirs.length) / unsure.length);
        const share = (whole: number, wrong: number, of: number) =>
          of === 0 ? 0 : whole - Math.floor((whole * wrong) / of);
        const wrongOfTheirs = refused.filter((i) => theirs.includes(i)).length;
        const paid = (account: string) =>
          entries(market)
            .filter((entry) => entry.movement_id === `SETTLE#${id}` && entry.account === account)
            .reduce((sum, entry) => sum + entry.amount_satoshis, 0);
        const toAnn = theirs.length === 0 ? 0 : share(part, wrongOfTheirs, theirs.length);
        const own = unsure.length - theirs.length;
        const toDuke = own === 0 ? 0 : share(price - part, refused.length - wrongOfTheirs, own);
        expect(paid(`user:${ann.id}:available`)).toBe(toAnn);
        expect(paid('agent:duke-mm')).toBe(toDuke);
        expect(paid(`user:${me.userId}:available`)).toBe(price - toAnn - toDuke);
      },
    ),
    { numRuns: 60 },
  );
});
