/**
 * Random walks through everything that moves money: after each step all entries must sum to zero, and every wallet must say
 * what its entries say. `npm run money:walk -- --steps 1000000 --seed 1`. A failure is shrunk and printed with its seed.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { MoneyWalk, step } from '../unit/support/money-walk.ts';

/** Steps in one marketplace; the next walk begins with an empty one. */
const STEPS_PER_WALK = 100;

const { values } = parseArgs({
  options: { steps: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
});
const walks = Math.ceil(Number(values.steps) / STEPS_PER_WALK);
const seed = Number(values.seed);
const seen = new Map<string, number>();
let taken = 0;
const started = performance.now();
const seconds = () => Math.round((performance.now() - started) / 1000);

await fc.assert(
  fc.asyncProperty(
    fc.array(step, { minLength: STEPS_PER_WALK, maxLength: STEPS_PER_WALK }),
    async (steps) => {
      const walk = await MoneyWalk.start();
      for (const next of steps) {
        await walk.take(next);
        taken += 1;
      }
      for (const [what, count] of [...walk.counts, ...walk.movements])
        seen.set(what, (seen.get(what) ?? 0) + count);
      if (taken % 50_000 === 0) console.log(`${taken} steps, ${seconds()} s`);
    },
  ),
  { numRuns: walks, seed },
);
console.log(`seed ${seed}: ${taken} steps in ${seconds()} s, all entries summed to 0 after each`);
console.log(
  [...seen]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([what, n]) => `${what} ${n}`)
    .join(', '),
);
