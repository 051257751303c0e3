import type { Page } from '../../../contracts/api/page.ts';
import { ModelRecord, Promotion, RoutingRecord } from '../../../contracts/entities/model.ts';
import type { MadeModel } from '../../../contracts/entities/model.ts';
import type { RunningTrial } from '../../../contracts/entities/shadow-trial.ts';
import { TrainingRun } from '../../../contracts/entities/run.ts';
import { keys, VERSION_PREFIX } from '../../../contracts/naming.ts';
import { newId } from '../ids.ts';
import { retry, RetryableError } from '../retry.ts';
import { auditStep } from './audit-log.ts';
import { listPage } from './paging.ts';
import type { PageRequest } from './paging.ts';
import { parseRecord, record } from './records.ts';
import { stillActive } from './run-store.ts';
import { ConditionFailed, succeeds } from './table.ts';
import { endStep, startSteps } from './trial-store.ts';
import type { Item, Table, TransactionStep } from './table.ts';

export interface ModelStore {
  /** Undefined until the first version serves. */
  routing(options?: { consistent?: boolean }): Promise<RoutingRecord | undefined>;
  version(version: string, options?: { consistent?: boolean }): Promise<ModelRecord | undefined>;
  list(page: PageRequest): Promise<Page<ModelRecord>>;
  /** Registers a version; false if it exists. */
  register(model: ModelRecord): Promise<boolean>;
  /** Updates a version that is still a candidate; false if it is not any more. */
  updateCandidate(
    version: string,
    change: Partial<Pick<MadeModel, 'state' | 'metrics' | 'gate' | 'report_key' | 'model_card_key'>>,
  ): Promise<boolean>;
  /** Allocates the version number of a run's candidate: the next free one. Idempotent. Undefined if the run has ended. */
  allocate(runId: string): Promise<string | undefined>;
  /** The promotion that made a revision of the routing. */
  promotion(revision: number): Promise<Promotion | undefined>;
  /**
   * Puts a version in production in place of another, with the reason, and updates both records, in one transaction. False
   * if the routing has changed since it was read.
   * @param watch of the version that has never served before, over which its predecessor watches; starts with it
   */
  promote(promotion: Promotion, kinds: RoutingRecord['kinds'], watch?: RunningTrial): Promise<boolean>;
  /** Puts the baseline of a watch back, in one transaction with the watch's end. False as `promote`, or if the watch changed. */
  rollBack(
    promotion: Promotion & { readonly previous: string; readonly reason: string },
    kinds: RoutingRecord['kinds'],
    watch: RunningTrial,
  ): Promise<boolean>;
}

export function modelStore(table: Table): ModelStore {
  const versionRecord = (model: ModelRecord) => record('model', keys.modelVersion(model.version), model);
  const parse = (item: Item): ModelRecord => parseRecord(ModelRecord, item);
  return {
    async routing(options) {
      const item = await table.get(keys.routing(), options);
      return item && parseRecord(RoutingRecord, item);
    },
    async version(version, options) {
      const item = await table.get(keys.modelVersion(version), options);
      return item && parse(item);
    },
    list: (page) =>
      listPage({
        table,
        partitions: [{ pk: keys.modelVersion('').pk, prefix: VERSION_PREFIX }],
        page,
        sortKeyOf: (item) => String(item['sk']),
        // A page after a cursor queries by sort key only; the routing record sorts before all versions.
        load: async (items) =>
          items
            .filter((item) => item['entity'] === 'model')
            .map((item) => ({ sortKey: String(item['sk']), value: parse(item) })),
      }),
    register: (model) =>
      succeeds(table.write({ put: versionRecord(model), when: [{ attribute: 'pk', is: 'absent' }] })),
    updateCandidate: (version, change) =>
      succeeds(
        table.write({
          update: keys.modelVersion(version),
          set: change,
          when: [{ attribute: 'state', is: 'equal', value: 'candidate' }],
        }),
      ),
    allocate: (runId) => allocate(table, runId),
    async promotion(revision) {
      const item = await table.get(keys.promotion(revision), { consistent: true });
      return item && parseRecord(Promotion, item);
    },
    promote: (promotion, kinds, watch) =>
      succeeds(table.transact([...promotionSteps(promotion, kinds), ...(watch ? startSteps(watch) : [])])),
    rollBack: (promotion, kinds, watch) =>
      succeeds(table.transact([...promotionSteps(promotion, kinds), endStep(watch, promotion.at)])),
  };
}

function promotionSteps(promotion: Promotion, kinds: RoutingRecord['kinds']): TransactionStep[] {
  const { revision, version, previous, at, reason } = promotion;
  const routing: RoutingRecord = { production: version, kinds, revision, updated_at: at };
  const artifact = { attribute: 'sha256', is: 'present' } as const;
  return [
    {
      put: record('routing', keys.routing(), routing),
      when: [
        revision === 1
          ? { attribute: 'pk', is: 'absent' }
          : { attribute: 'revision', is: 'equal', value: revision - 1 },
      ],
    },
    {
      update: keys.modelVersion(version),
      set: { state: 'production', promoted_at: at },
      remove: ['retired_at', 'rollback_reason'],
      when: [artifact],
    },
    ...(previous === null
      ? []
      : [
          {
            update: keys.modelVersion(previous),
            set: {
              state: 'retired',
              retired_at: at,
              ...(reason !== undefined && { rollback_reason: reason }),
            },
            when: [artifact],
          },
        ]),
    { put: record('promotion', keys.promotion(revision), promotion) },
    ...auditOf(promotion),
  ];
}

/** Promotions by administrators are in the audit log too. */
function auditOf({ by, at, version, previous, override_reason: reason }: Promotion): TransactionStep[] {
  if (by === 'pipeline' || by === 'deployment' || by === 'watch') return [];
  const details = { previous_version: previous, ...(reason !== undefined && { override_reason: reason }) };
  const id = newId();
  return [auditStep({ id, at, actor_id: by, action: 'model.promoted', subject: version, details })];
}

const ALLOCATION_ATTEMPTS = 10;

async function allocate(table: Table, runId: string): Promise<string | undefined> {
  const allocated = async (): Promise<string | undefined> => {
    const run = await table.get(keys.run(runId), { consistent: true });
    return run && parseRecord(TrainingRun, run).version;
  };
  return retry(
    async () => {
      const version = await allocated();
      if (version !== undefined) return version;
      const counter = await table.get(keys.lastVersion(), { consistent: true });
      const next = 1 + (counter ? Number(counter['version']) : await newestRegistered(table));
      try {
        await table.transact(allocationSteps(runId, next, counter !== undefined));
        return String(next);
      } catch (cause) {
        if (!(cause instanceof ConditionFailed)) throw cause;
        // The run's step failed: it got a number from a concurrent call, or has ended.
        if (cause.failed.includes(1)) return allocated();
        throw new RetryableError(`other runs took the version number that run ${runId} wanted`, { cause });
      }
    },
    { attempts: ALLOCATION_ATTEMPTS },
  );
}

const allocationSteps = (runId: string, next: number, counted: boolean): TransactionStep[] => [
  {
    put: record('last_version', keys.lastVersion(), { version: next }),
    when: [
      counted ? { attribute: 'version', is: 'equal', value: next - 1 } : { attribute: 'pk', is: 'absent' },
    ],
  },
  {
    update: keys.run(runId),
    set: { version: String(next) },
    when: [stillActive, { attribute: 'version', is: 'absent' }],
  },
];

/** Versions that scripts registered did not advance the counter. */
async function newestRegistered(table: Table): Promise<number> {
  const [newest] = await table.query({
    pk: keys.modelVersion('').pk,
    prefix: VERSION_PREFIX,
    newestFirst: true,
    limit: 1,
  });
  return newest ? Number(newest['version']) : 0;
}
