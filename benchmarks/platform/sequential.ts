/**
 * `npm run bench:sequential`: simulated experiments on pairs of versions, decided by `contracts/rules/sequential-test.ts`,
 * by an mSPRT (Johari et al. 2022, Gaussian mixture on the paired differences) and, for its number of items, by tests with
 * a fixed horizon. Equal versions are looked at after every item.
 */
import { parseArgs } from 'node:util';
import { comparisonOf } from '../../contracts/rules/sequential-test.ts';
import { seededRandom } from './seeded-random.ts';

const { values } = parseArgs({
  options: {
    experiments: { type: 'string', default: '2000' },
    items: { type: 'string', default: '20000' },
    differ: { type: 'string', default: '0.06' },
    seed: { type: 'string', default: '20261130' },
  },
});
const EXPERIMENTS = Number(values.experiments);
const MAX_ITEMS = Number(values.items);
/** Share of the items of which only one version is right. */
const DIFFER = Number(values.differ);
const SETTINGS = { alpha: 0.05, margin: 0.01 };
const POINTS = [0, 1, -1, 3, -3, 5, -5];
/** Standard normal quantiles of 1 − alpha / 2 and of a power of 90 %. */
const [Z_ALPHA, Z_POWER] = [1.959964, 1.281552];
/** Share of right answers of production, for the unpaired experiment. */
const PRODUCTION_RIGHT = 0.9;
/** The mSPRT's mixture is tuned to a true difference of three points. */
const MIXTURE_VARIANCE = 0.03 ** 2;
/** Items that differ in nothing cannot make a version better or worse, only equivalent: this is looked at more seldom. */
const TIES_BETWEEN_LOOKS = 50;

interface Stop {
  readonly decision: string;
  readonly items: number;
}
const UNDECIDED: Stop = { decision: 'undecided', items: Infinity };
const random = seededRandom(Number(values.seed));

/** Runs one experiment with both sequential tests on the same items. */
function experiment(difference: number): { eProcess: Stop; msprt: Stop } {
  const counts = { wins: 0, losses: 0, ties: 0 };
  let [eProcess, msprt] = [UNDECIDED, UNDECIDED];
  const win = (DIFFER + difference) / 2;
  for (let items = 1; items <= MAX_ITEMS; items++) {
    const draw = random();
    const outcome = draw < win ? 'wins' : draw < DIFFER ? 'losses' : 'ties';
    counts[outcome] += 1;
    if (msprt === UNDECIDED && msprtRejects(counts.wins - counts.losses, items))
      msprt = { decision: counts.wins > counts.losses ? 'better' : 'worse', items };
    if (eProcess === UNDECIDED && (outcome !== 'ties' || items % TIES_BETWEEN_LOOKS === 0)) {
      const decision = comparisonOf(counts, SETTINGS);
      if (decision !== 'undecided') eProcess = { decision, items };
    }
    if (eProcess !== UNDECIDED && msprt !== UNDECIDED) break;
  }
  return { eProcess, msprt };
}

function msprtRejects(sum: number, items: number): boolean {
  const total = DIFFER + items * MIXTURE_VARIANCE;
  const log = 0.5 * Math.log(DIFFER / total) + (MIXTURE_VARIANCE * sum ** 2) / (2 * DIFFER * total);
  return log >= Math.log(1 / SETTINGS.alpha);
}

const quantile = (stops: readonly Stop[], share: number): string => {
  const sorted = stops.map(({ items }) => items).sort((a, b) => a - b);
  const items = sorted[Math.ceil(share * sorted.length) - 1]!;
  return Number.isFinite(items) ? String(items) : `> ${MAX_ITEMS}`;
};
const shareOf = (stops: readonly Stop[], decision: string): string =>
  `${((100 * stops.filter((stop) => stop.decision === decision).length) / stops.length).toFixed(1)} %`;

/** Items that a fixed horizon needs at 90 % power: pairs, and both arms of an unpaired experiment together. */
function fixedHorizons(difference: number): { paired: string; unpaired: string } {
  if (difference === 0) return { paired: '-', unpaired: '-' };
  const [p, q] = [PRODUCTION_RIGHT, PRODUCTION_RIGHT + difference];
  const effort = ((Z_ALPHA + Z_POWER) / difference) ** 2;
  return {
    paired: String(Math.ceil(effort * (DIFFER - difference ** 2))),
    unpaired: String(Math.ceil(2 * effort * (p * (1 - p) + q * (1 - q)))),
  };
}

console.log(
  `${EXPERIMENTS} experiments of at most ${MAX_ITEMS} judged items; the versions differ in ${100 * DIFFER} % of them; ` +
    `alpha ${SETTINGS.alpha}, margin ${100 * SETTINGS.margin} points, seed ${values.seed}`,
);
const rows = POINTS.filter((points) => Math.abs(points / 100) <= DIFFER).flatMap((points) => {
  const runs = Array.from({ length: EXPERIMENTS }, () => experiment(points / 100));
  const fixed = fixedHorizons(points / 100);
  return (['eProcess', 'msprt'] as const).map((name) => {
    const stops = runs.map((run) => run[name]);
    return {
      'true difference': `${points} points`,
      test: name === 'eProcess' ? 'e-process' : 'mSPRT',
      better: shareOf(stops, 'better'),
      worse: shareOf(stops, 'worse'),
      equivalent: shareOf(stops, 'equivalent'),
      'median items': quantile(stops, 0.5),
      '90 % items': quantile(stops, 0.9),
      'fixed, paired': fixed.paired,
      'fixed, unpaired': fixed.unpaired,
    };
  });
});
console.table(rows);
