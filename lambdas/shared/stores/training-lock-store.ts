import type { TrainingRun, TrainingTrigger } from '../../../contracts/entities/run.ts';
import { TrainingLock, TrainingState, TriggerRecord } from '../../../contracts/entities/training.ts';
import { keys } from '../../../contracts/naming.ts';
import { parseRecord, record } from './records.ts';
import { runRecord, stillActive } from './run-store.ts';
import type { RunChange } from './run-store.ts';
import { happened } from './table.ts';
import type { Condition, Item, Table, TransactionStep } from './table.ts';

/** Who may train now, what waits for it, and what one run leaves to the next. */
export interface TrainingLockStore {
  lock(): Promise<TrainingLock | undefined>;
  trigger(key: string): Promise<TriggerRecord | undefined>;
  /** Puts a cause down, once; its event follows through the table's stream. */
  fire(trigger: TrainingTrigger): Promise<void>;
  /** Takes the free lock for a new run; false when it is taken or the cause was handled. */
  begin(lock: TrainingLock, run: TrainingRun): Promise<boolean>;
  /** Puts a cause behind the run that holds the lock, if it is the first to wait; false when the run ended meanwhile. */
  remember(trigger: TrainingTrigger, runId: string): Promise<boolean>;
  /** Ends a run, with what it leaves to the next one; false when it had ended, or what it leaves is not its to write. */
  finish(runId: string, change: RunChange, state: TrainingState | undefined): Promise<boolean>;
  /**
   * Gives the lock of a run away: to the run of what was remembered, or to nobody.
   * `pending` is what the caller saw waiting; false when that has changed or the lock is not this run's.
   */
  release(runId: string, pending: TrainingTrigger | undefined, next?: Succession): Promise<boolean>;
  state(): Promise<TrainingState>;
  /** False when the lock is another run's: whoever lost it must not go on. */
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
      await happened(
        table.write({ put: record('trigger', keys.trigger(trigger.key), trigger), when: absent }),
      );
    },
    begin: (lock, run) =>
      happened(
        table.transact([
          { put: lockRecord(lock), when: absent },
          { put: runRecord(run), when: absent },
          handled(run.trigger.key, 'started', run.id),
        ]),
      ),
    remember: (trigger, runId) =>
      happened(
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
      return happened(table.transact(steps));
    },
    finish: (runId, change, state) =>
      happened(
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
      happened(
        table.transact([
          { check: keys.trainingLock(), when: [ownedBy(runId)] },
          { check: keys.run(runId), when: [stillActive] },
          { put: record('training_state', keys.trainingState(), state) },
        ]),
      ),
  };
}
