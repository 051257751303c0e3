/**
 * Random walks through everything that moves money: after each step all entries must sum to zero, and every wallet must say
 * what its entries say. `npm run money:walk -- --steps 1000000 --seed 1`; with `--of agents` three agents and Duke MM work
 * on tasks, and prices, loads, earnings, leases and reputations must be exact too. A failure is shrunk and printed with its
 * seed; `--no-shrink` prints it as it was found.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { agentStep } from '../unit/support/agent-walk-steps.ts';
import { AgentWalk } from '../unit/support/agent-walk.ts';
import { step } from '../unit/support/money-steps.ts';
import { MoneyWalk } from '../unit/support/money-walk.ts';

/** Steps in one marketplace; the next walk begins with an empty one. */
const STEPS_PER_WALK = 100;

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    of: { type: 'string', default: 'buyers' },
    'no-shrink': { type: 'boolean', default: false },
  },
});
const walks = Math.ceil(Number(values.steps) / STEPS_PER_WALK);
const seed = Number(values.seed);
const settings = { numRuns: walks, seed, endOnFailure: values['no-shrink'] };
const seen = new Map<string, number>();
let taken = 0;
const started = performance.now();
const seconds = () => Math.round((performance.now() - started) / 1000);

const ofBuyers = fc.asyncProperty(
  fc.array(step, { minLength: STEPS_PER_WALK, maxLength: STEPS_PER_WALK }),
  async (steps) => {
    const walk = await MoneyWalk.start();
    for (const next of steps) await walk.take(next);
    count(steps.length, [...walk.counts, ...walk.movements]);
  },
);
const ofAgents = fc.asyncProperty(
  fc.array(agentStep, { minLength: STEPS_PER_WALK, maxLength: STEPS_PER_WALK }),
  async (steps) => {
    const walk = await AgentWalk.start();
    for (const next of steps) await walk.take(next);
    await walk.end();
    count(steps.length, [...walk.counts]);
  },
);

function count(steps: number, happened: readonly (readonly [string, number])[]): void {
  const before = taken;
  taken += steps;
  for (const [what, times] of happened) seen.set(what, (seen.get(what) ?? 0) + times);
  if (Math.floor(before / 50_000) < Math.floor(taken / 50_000)) console.log(`${taken} steps, ${seconds()} s`);
}

if (values.of === 'buyers') await fc.assert(ofBuyers, settings);
else if (values.of === 'agents') await fc.assert(ofAgents, settings);
else throw new Error('--of buyers or --of agents');
console.log(`seed ${seed}: ${taken} steps in ${seconds()} s, all entries summed to 0 after each`);
console.log(
  [...seen]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([what, n]) => `${what} ${n}`)
    .join(', '),
);
