import { createHash } from 'node:crypto';
import type { Kind } from '../../../contracts/entities/common.ts';
import { DataManifest } from '../../../contracts/learning/manifest.ts';
import { objects, parseS3Uri, s3Uri } from '../../../contracts/naming.ts';
import type { Clock } from '../../shared/clock.ts';
import type { ObjectStore } from '../../shared/objects.ts';
import type { ModelStore } from '../../shared/stores/model-store.ts';
import type { RunStore } from '../../shared/stores/run-store.ts';
import type { CopyObject } from './copy-object.ts';
import type { Jobs } from './jobs.ts';
import { reportOf } from './report-of.ts';
import { trainedRun } from './run-of.ts';
import { parseTrainingLog } from './training-log.ts';
import type { TrainingLog } from './training-log.ts';

export interface RegisterDependencies {
  readonly runs: RunStore;
  readonly models: ModelStore;
  readonly jobs: Jobs;
  readonly work: ObjectStore;
  readonly copy: CopyObject;
  readonly clock: Clock;
}

/** Kinds of a version if neither its training log nor the routing names any. */
const FIRST_KINDS: readonly Kind[] = ['classification', 'regression'];

/**
 * Registers the evaluated artifact under the version's key with its hash: the output of the training job or, if families
 * are held back, the artifact that the evaluation recomposed from it. Idempotent.
 */
export async function register(deps: RegisterDependencies, runId: string): Promise<void> {
  const run = await trainedRun(deps.runs, runId);
  const { recomposed } = await reportOf(deps.work, run);
  const key = objects.artifact(run.version);
  await deps.copy(recomposed ? objects.recomposed(runId) : await trainedKey(deps, runId), key);
  const { sha256, size } = await hashOf(deps.work, key);
  if (recomposed && recomposed.sha256 !== sha256) {
    throw new Error(
      `version ${run.version} was evaluated as ${recomposed.sha256}, and its artifact is ${sha256}`,
    );
  }
  const manifestKey = objects.manifest(runId);
  const manifest = DataManifest.parse(JSON.parse(await deps.work.text(manifestKey)));
  const log = await logOf(deps.work, runId);
  await deps.models.register({
    version: run.version,
    state: 'candidate',
    artifact_uri: s3Uri(deps.work.bucket, key),
    sha256,
    size_bytes: size,
    kinds: [...(log.kinds ?? (await deps.models.routing())?.kinds ?? FIRST_KINDS)],
    parent: run.parent,
    created_at: deps.clock().toISOString(),
    lineage: {
      run_id: runId,
      manifest_key: manifestKey,
      data_sha256: manifest.lineage.sha256,
      examples: manifest.counts.train,
    },
    metrics: null,
    gate: null,
    report_key: null,
    model_card_key: null,
  });
}

async function trainedKey(deps: RegisterDependencies, runId: string): Promise<string> {
  const { artifact } = await deps.jobs.training(runId);
  const from = artifact === undefined ? undefined : parseS3Uri(artifact);
  if (from?.bucket !== deps.work.bucket) throw new Error(`the training job left no artifact: ${artifact}`);
  return from.key;
}

async function hashOf(work: ObjectStore, key: string): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of (await work.stream(key)) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { sha256: hash.digest('hex'), size };
}

/** The parsed training log; empty if the job wrote none. */
async function logOf(work: ObjectStore, runId: string): Promise<TrainingLog> {
  const key = objects.trainingLog(runId);
  return parseTrainingLog((await work.size(key)) === undefined ? '' : await work.text(key));
}
