import type { RunData, TrainingRun } from '../../../contracts/entities/run.ts';
import type { TrainingState } from '../../../contracts/entities/training.ts';
import { DataManifest } from '../../../contracts/learning/manifest.ts';
import type { Prepared } from '../../../contracts/learning/steps.ts';
import { objects, shardOf } from '../../../contracts/naming.ts';
import type { Clock } from '../../shared/clock.ts';
import { sha256 } from '../../shared/ids.ts';
import type { ObjectStore } from '../../shared/objects.ts';
import type { ModelStore } from '../../shared/stores/model-store.ts';
import type { RunStore } from '../../shared/stores/run-store.ts';
import type { TrainingLockStore } from '../../shared/stores/training-lock-store.ts';
import type { TrainingStore } from '../../shared/stores/training-store.ts';
import { chooseFiles } from '../dataset/choose-files.ts';
import type { ChosenFiles } from '../dataset/choose-files.ts';
import { DataSet } from '../dataset/data-set.ts';
import { preparedAt, withdrawnSince } from '../dataset/withdrawals.ts';
import { compactOutcomes } from '../outcomes/compact-outcomes.ts';
import type { ListFiles } from '../outcomes/outcome-files.ts';
import { readFiles } from '../outcomes/read-lines.ts';
import type { ReportUnusable } from './report-unusable.ts';

export interface PrepareDependencies {
  readonly runs: Pick<RunStore, 'update'>;
  readonly locks: Pick<TrainingLockStore, 'state' | 'saveState'>;
  readonly training: Pick<TrainingStore, 'progress'>;
  readonly models: Pick<ModelStore, 'version'>;
  readonly work: ObjectStore;
  readonly listFiles: ListFiles;
  readonly clock: Clock;
  /** A run with fewer new labels ends without training. */
  readonly minNewLabels: number;
  readonly reportUnusable: ReportUnusable;
}

/**
 * Writes the data set of a run: the outcomes of the window and a replay of older ones, divided into splits, with a manifest
 * that lists each file with its hash. The manifest is written last and once; files without one are ignored. An attempt that
 * runs out of time leaves its compacted outcomes, so that the next one has less to read.
 */
export async function prepare(deps: PrepareDependencies, run: TrainingRun): Promise<Prepared> {
  const key = objects.manifest(run.id);
  const done = run.data && (await deps.work.size(key)) !== undefined ? run.data : undefined;
  const state = await deps.locks.state();
  const data = done ?? (await write(deps, run, state));
  const reason = shortage(run, data, deps.minNewLabels);
  if (reason !== undefined) return { enough: false, reason };
  // Versions may now be trained on anything outside this reservoir, so later runs must start from it.
  if (!(await deps.locks.saveState(run.id, { ...state, reservoir_manifest: key }))) {
    throw new Error(`run ${run.id} does not hold the lock any more`);
  }
  return { enough: true };
}

async function write(deps: PrepareDependencies, run: TrainingRun, state: TrainingState): Promise<RunData> {
  const now = deps.clock();
  const set = new DataSet(deps.work, run.id, state.trained_until);
  const progress = await deps.training.progress();
  const files = await chooseFiles(deps.listFiles, now);
  if (state.reservoir_manifest !== null)
    await carryReservoir(deps.work, state.reservoir_manifest, files.taskIds, set);
  const onMissing = (key: string): void => set.addMissingFile(key);
  const recent = await compactOutcomes(deps, files.recent, now);
  for await (const file of readFiles(deps.work, recent, onMissing)) await set.addFile(file, false);
  for await (const file of readFiles(deps.work, files.replayed, onMissing)) await set.addFile(file, true);
  const withdrawn = await withdrawnSince(deps, await preparedAt(deps, run.parent));
  const manifest = await manifestOf(run, now, files, set, withdrawn);
  const { counts } = manifest;
  const data: RunData = {
    manifest_key: objects.manifest(run.id),
    window: manifest.window,
    ...counts,
    new_labels: set.newLabels,
    families: Object.keys(manifest.families).length,
    ...(withdrawn.length > 0 && { withdrawn_families: withdrawn.length }),
    outcomes_total: progress?.outcomes_total ?? 0,
  };
  const unusable = { prepare: set.unusable.report(set.families.size) };
  deps.reportUnusable(run.id, unusable);
  const change = { status: 'preparing', data, unusable, updated_at: now.toISOString() } as const;
  if (!(await deps.runs.update(run.id, change))) {
    throw new Error(`run ${run.id} has ended`);
  }
  await deps.work.put(data.manifest_key, JSON.stringify(manifest), 'application/json');
  return data;
}

/** Copies the reservoir of an earlier manifest and checks the hash of each file. */
async function carryReservoir(
  work: ObjectStore,
  manifestKey: string,
  taskIds: ReadonlySet<string>,
  set: DataSet,
): Promise<void> {
  const before = DataManifest.parse(JSON.parse(await work.text(manifestKey)));
  const folder = manifestKey.slice(0, manifestKey.lastIndexOf('/') + 1);
  const shards = before.splits.reservoir;
  const files = shards.map((shard) => ({ key: folder + shard.path, size: shard.size_bytes }));
  let at = 0;
  for await (const file of readFiles(work, files)) {
    const hash = await set.addReservoir(file, taskIds);
    if (hash !== shards[at]?.sha256) throw new Error(`${file.key} is not the reservoir of ${manifestKey}`);
    at += 1;
  }
}

async function manifestOf(
  run: TrainingRun,
  now: Date,
  files: ChosenFiles,
  set: DataSet,
  withdrawn: readonly string[],
): Promise<DataManifest> {
  const splits = await set.end();
  const hashes = [...set.sources].sort();
  return DataManifest.parse({
    format: 1,
    id: run.id,
    created_at: now.toISOString(),
    parent: run.parent,
    window: files.window,
    seed: shardOf(run.id, 2 ** 31),
    splits,
    families: Object.fromEntries([...set.families].sort(([a], [b]) => (a < b ? -1 : 1))),
    ...(withdrawn.length > 0 && { withdrawn_families: [...withdrawn] }),
    counts: set.counts(),
    lineage: {
      shards: hashes.length,
      first: set.first,
      last: set.last,
      sha256: sha256(hashes.join('\n')),
    },
  } satisfies DataManifest);
}

/** Why the data is too little for a run; undefined if it is enough. The first version needs none. */
function shortage(run: TrainingRun, data: RunData, minNewLabels: number): string | undefined {
  if (run.parent === null) return undefined;
  // Withdrawn outcomes leave production without waiting for new labels.
  const isWithdrawal = (data.withdrawn_families ?? 0) > 0;
  if (data.new_labels < minNewLabels && !isWithdrawal)
    return `${data.new_labels} new labels; a run needs ${minNewLabels}.`;
  if (data.train === 0) return 'There is nothing to train on.';
  if (data.validation + data.reservoir === 0) return 'There is nothing to measure a candidate on.';
  return undefined;
}
