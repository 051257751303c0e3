import * as z from 'zod';
import { ModelVersion } from '../../../contracts/entities/common.ts';
import { ShadowTrial, TrialPurpose } from '../../../contracts/entities/shadow-trial.ts';
import type { RunningTrial } from '../../../contracts/entities/shadow-trial.ts';
import type { Task } from '../../../contracts/entities/task.ts';
import { keys } from '../../../contracts/naming.ts';
import type { PairedCounts } from '../../../contracts/rules/sequential-test.ts';
import { DAY } from '../clock.ts';
import { writeCount } from './count-once.ts';
import type { CountOutcome } from './count-once.ts';
import { parseRecord, record, ttlSeconds } from './records.ts';
import { succeeds } from './table.ts';
import type { Table, TransactionStep } from './table.ts';

/** Candidates of the newest trial of each purpose. */
const NewestTrials = z.strictObject({ canary: ModelVersion.optional(), watch: ModelVersion.optional() });

const BuyerCounts = z.strictObject({ wins: z.int().nonnegative(), losses: z.int().nonnegative() });
/** How long the counts of a buyer are stored after the end of the trial, which reads them until then. */
const BUYER_COUNTS_MS = 30 * DAY;

type CountedTask = Pick<Task, 'id' | 'buyer_id'>;

export interface TrialStore {
  get(purpose: TrialPurpose, candidate: string): Promise<ShadowTrial | undefined>;
  /** The newest trial of each purpose. */
  newest(): Promise<ShadowTrial[]>;
  /** False if the candidate has had a trial of this purpose. */
  start(trial: RunningTrial): Promise<boolean>;
  /** Adds the judged items of one task to a trial as it was read. Each task is counted once. */
  count(trial: RunningTrial, task: CountedTask, pairs: PairedCounts): Promise<CountOutcome>;
  /** Ends a trial as it was read; false if it has changed since. */
  end(trial: RunningTrial, at: string): Promise<boolean>;
}

const recordOf = (trial: ShadowTrial) =>
  record('shadow_trial', keys.shadowTrial(trial.purpose, trial.candidate), trial);

/** Steps that start a trial; they fail if the candidate has had one of this purpose. */
export const startSteps = (trial: RunningTrial): TransactionStep[] => [
  { put: recordOf(trial), when: [{ attribute: 'pk', is: 'absent' }] },
  {
    update: keys.newestTrials(),
    set: { entity: 'newest_trials', [trial.purpose]: trial.candidate },
  },
];

/** The step that ends a trial; it fails if the trial has changed since it was read. */
export const endStep = (trial: RunningTrial, at: string): TransactionStep => ({
  put: recordOf({ ...trial, status: 'ended', ended_at: at, revision: trial.revision + 1 }),
  when: [{ attribute: 'revision', is: 'equal', value: trial.revision }],
});

export function trialStore(table: Table): TrialStore {
  return {
    async get(purpose, candidate) {
      const item = await table.get(keys.shadowTrial(purpose, candidate), { consistent: true });
      return item && parseRecord(ShadowTrial, item);
    },
    async newest() {
      const item = await table.get(keys.newestTrials(), { consistent: true });
      const candidates = item ? parseRecord(NewestTrials, item) : {};
      const trials = TrialPurpose.options.flatMap((purpose) => {
        const candidate = candidates[purpose];
        return candidate === undefined ? [] : [keys.shadowTrial(purpose, candidate)];
      });
      return (await table.getMany(trials, { consistent: true })).map((trial) =>
        parseRecord(ShadowTrial, trial),
      );
    },
    start: (trial) => succeeds(table.transact(startSteps(trial))),
    async count(trial, task, pairs) {
      const buyerKey = keys.trialBuyer(trial.purpose, trial.candidate, task.buyer_id);
      // Consistent with the trial: its revision changes whenever the counts of a buyer do.
      const item = await table.get(buyerKey, { consistent: true });
      const before = item ? parseRecord(BuyerCounts, item) : { wins: 0, losses: 0 };
      const buyer = { wins: before.wins + pairs.wins, losses: before.losses + pairs.losses };
      const counted: RunningTrial = {
        ...trial,
        wins: trial.wins + pairs.wins,
        losses: trial.losses + pairs.losses,
        ties: trial.ties + pairs.ties,
        max_buyer_wins: Math.max(trial.max_buyer_wins, buyer.wins),
        max_buyer_losses: Math.max(trial.max_buyer_losses, buyer.losses),
        tasks: trial.tasks + 1,
        revision: trial.revision + 1,
      };
      const ttl = ttlSeconds(new Date(Date.parse(trial.ends_at) + BUYER_COUNTS_MS));
      const marker = record('trial_counted', keys.trialCounted(task.id, trial.purpose, trial.candidate), {});
      return writeCount(
        table,
        { put: recordOf(counted), revision: counted.revision },
        [{ task_id: task.id, put: marker }],
        [{ put: record('trial_buyer', buyerKey, { ...buyer, ttl }) }],
      );
    },
    end: (trial, at) => succeeds(table.transact([endStep(trial, at)])),
  };
}
