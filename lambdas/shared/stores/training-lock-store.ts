import type { TrainingRun, TrainingTrigger } from '../../../contracts/entities/run.ts';
import { TrainingLock, TrainingState, TriggerRecord } from '../../../contracts/entities/training.ts';
import { keys } from '../../../contracts/naming.ts';
import { parseRecord, record } from './records.ts';
import { runRecord, stillActive } from './run-store.ts';
import type { RunChange } from './run-store.ts';
import { succeeds } from './table.ts';
import type { Condition, Item, Table, TransactionStep } from './table.ts';

/** The training lock, the triggers waiting for it, and the state passed from run to run. */
export interface TrainingLockStore {
  lock(): Promise<TrainingLock | undefined>;
  trigger(key: string): Promise<TriggerRecord | undefined>;
  /** Stores a trigger, once; its event follows through the table's stream. */
  fire(trigger: TrainingTrigger): Promise<void>;
  /** Acquires the lock for a new run; false if it is taken or the trigger is handled already. */
  begin(lock: TrainingLock, run: TrainingRun): Promise<boolean>;
  /**
   * Stores a trigger to follow the run that holds the lock, unless one waits already; false if that run has ended.
   */
  remember(trigger: TrainingTrigger, runId: string): Promise<boolean>;
  /** Ends a run and writes the state for the next one; false if it had ended or lost the lock. */
  finish(runId: string, change: RunChange, state: TrainingState | undefined): Promise<boolean>;
  /**
   * Releases the lock of a run, or hands it to the run of the trigger that waits.
   * @param pending the waiting trigger that the caller read; false if it has changed or the lock is not this run's
   */
  release(runId: string, pending: TrainingTrigger | undefined, next?: Succession): Promise<boolean>;
  state(): Promise<TrainingState>;
  /** False if another run holds the lock; the caller must stop. */
  saveState(runId: string, state: TrainingState): Promise<boolean>;
}

export interface Succession {
  readonly lock: TrainingLock;
  readonly run: TrainingRun;
}

const absent: readonly Condition[] = [{ attribute: 'pk', is: 'absent' }];
const ownedBy = (runId: string): Condition => ({ attribute: 'run_id', is: 'equal', value: runId });
const lockRecord = (lock: TrainingLock) => record('training_lock', keys.trainingLock(), lock);
const handled = (key: string, as: 'started' | 'remembered', runId: string): TransactionStep => ({
  update: keys.trigger(key),
  set: { handled: as, run_id: runId },
  when: [{ attribute: 'handled', is: 'absent' }],
});

const FRESH: TrainingState = {
  trained_until: null,
  outcomes_at_training: 0,
  reservoir_manifest: null,
  failed_gates: 0,
};

export function trainingLockStore(table: Table): TrainingLockStore {
  const read = async <T>(key: ReturnType<typeof keys.trainingLock>, parse: (item: Item) => T) => {
    const item = await table.get(key, { consistent: true });
    return item && parse(item);
  };
  return {
    lock: () => read(keys.trainingLock(), (item) => parseRecord(TrainingLock, item)),
    trigger: (key) => read(keys.trigger(key), (item) => parseRecord(TriggerRecord, item)),
    async fire(trigger) {
      await succeeds(
        table.write({ put: record('trigger', keys.trigger(trigger.key), trigger), when: absent }),
      );
    },
    begin: (lock, run) =>
      succeeds(
        table.transact([
          { put: lockRecord(lock), when: absent },
          { put: runRecord(run), when: absent },
          handled(run.trigger.key, 'started', run.id),
        ]),
      ),
    remember: (trigger, runId) =>
      succeeds(
        table.transact([
          { update: keys.trainingLock(), setOnce: { pending: trigger }, when: [ownedBy(runId)] },
          handled(trigger.key, 'remembered', runId),
        ]),
      ),
    release(runId, pending, next) {
      const seen: Condition[] = [
        ownedBy(runId),
        { attribute: 'pending', is: pending === undefined ? 'absent' : 'present' },
      ];
      const steps: TransactionStep[] = next
        ? [
            { put: lockRecord(next.lock), when: seen },
            { put: runRecord(next.run), when: absent },
          ]
        : [{ delete: keys.trainingLock(), when: seen }];
      return succeeds(table.transact(steps));
    },
    finish: (runId, change, state) =>
      succeeds(
        table.transact([
          { update: keys.run(runId), set: change, when: [stillActive] },
          ...(state
            ? [
                { check: keys.trainingLock(), when: [ownedBy(runId)] },
                { put: record('training_state', keys.trainingState(), state) },
              ]
            : []),
        ]),
      ),
    state: async () =>
      (await read(keys.trainingState(), (item) => parseRecord(TrainingState, item))) ?? FRESH,
    saveState: (runId, state) =>
      succeeds(
        table.transact([
          { check: keys.trainingLock(), when: [ownedBy(runId)] },
          { check: keys.run(runId), when: [stillActive] },
          { put: record('training_state', keys.trainingState(), state) },
        ]),
      ),
  };
}
