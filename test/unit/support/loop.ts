import type { ExecutionStatus } from '@aws-sdk/client-sfn';
import type { TrainingTrigger } from '../../../contracts/entities/run.ts';
import type { TrainingExample, TrainingShard } from '../../../contracts/entities/training.ts';
import type { UnusableOfRun } from '../../../contracts/learning/unusable.ts';
import { objects } from '../../../contracts/naming.ts';
import type { Executions } from '../../../lambdas/learning/triggers/executions.ts';
import type { Job, Jobs } from '../../../lambdas/learning/pipeline/jobs.ts';
import type { ListFiles } from '../../../lambdas/learning/outcomes/outcome-files.ts';
import { sampleOutcome } from '../../../scripts/shared/sample-outcome.ts';
import { newId } from '../../../lambdas/shared/ids.ts';
import { jsonLines } from '../../../lambdas/shared/objects.ts';
import { memoryBucket } from './memory-bucket.ts';
import { memoryParts } from './memory-parts.ts';
import { marketplace } from './marketplace.ts';
import type { Wrap } from './marketplace.ts';

/** Executions that a test ends as it likes. */
export class ScriptedExecutions implements Executions {
  readonly all = new Map<string, ExecutionStatus>();
  readonly stopped: string[] = [];
  /** How often a start was asked for. */
  starts = 0;
  async start(runId: string): Promise<void> {
    this.starts += 1;
    if (!this.all.has(runId)) this.all.set(runId, 'RUNNING');
  }
  async status(runId: string): Promise<ExecutionStatus | undefined> {
    return this.all.get(runId);
  }
  async stop(runId: string): Promise<void> {
    this.stopped.push(runId);
    this.all.set(runId, 'ABORTED');
  }
}

export class ScriptedJobs implements Jobs {
  readonly created: { readonly kind: 'training' | 'evaluation'; readonly request: object }[] = [];
  readonly stopped: string[] = [];
  state: Job = { status: 'running' };
  async createTraining(request: object): Promise<void> {
    this.created.push({ kind: 'training', request });
  }
  async createEvaluation(request: object): Promise<void> {
    this.created.push({ kind: 'evaluation', request });
  }
  async training(): Promise<Job> {
    return this.state;
  }
  async evaluation(): Promise<Job> {
    return this.state;
  }
  async stop(runId: string): Promise<void> {
    this.stopped.push(runId);
  }
}

/** The marketplace with what runs need beside it. */
export async function loop(start?: string, wrap?: Wrap) {
  const market = await marketplace(start, wrap);
  const listFiles: ListFiles = async function* (prefix) {
    for (const [key, body] of [...market.work.objects].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (key.startsWith(prefix)) yield { key, size: body.length };
    }
  };
  const rollbacks: string[] = [];
  const unusable = new Map<string, UnusableOfRun>();
  return {
    ...market,
    executions: wrap ? wrap(new ScriptedExecutions()) : new ScriptedExecutions(),
    jobs: wrap ? wrap(new ScriptedJobs()) : new ScriptedJobs(),
    bucket: wrap ? wrap(memoryBucket(market.uploads.objects)) : memoryBucket(market.uploads.objects),
    parts: wrap ? wrap(memoryParts(market.uploads.objects)) : memoryParts(market.uploads.objects),
    listFiles,
    minNewLabels: 20,
    instanceCount: async () => 1,
    canary: { seconds: 3600, maxItems: 500, soleBuyerDecides: true },
    watch: { seconds: 7200, maxItems: 500, soleBuyerDecides: true },
    share: 1,
    /** When versions were rolled back. */
    rollbacks,
    reportRollback: () => void rollbacks.push(market.clock().toISOString()),
    /** What steps said of data that they could not use. */
    unusable,
    reportUnusable: (runId: string, found: UnusableOfRun) => void unusable.set(runId, found),
  };
}
export type Loop = Awaited<ReturnType<typeof loop>>;

export const trigger = (overrides: Partial<TrainingTrigger> = {}): TrainingTrigger => ({
  key: `admin-${newId()}`,
  reason: 'admin',
  detail: 'a test',
  created_at: '2026-03-01T12:00:00.000Z',
  ...overrides,
});

export const shard = (count: number, taskId = newId()): TrainingShard => ({
  task_id: taskId,
  result_id: newId(),
  family: 'fam_a',
  uri: 's3://work/outcomes',
  sha256: '0'.repeat(64),
  count,
  labels: count,
  created_at: '2026-03-01T12:00:00.000Z',
});

export const example = sampleOutcome;

/** Stores outcomes as the recorder does: those of one task, in its file. @returns the id of the task */
export async function stored(
  at: Loop,
  examples: readonly TrainingExample[],
  day: string,
  taskId = newId(),
): Promise<string> {
  const lines = jsonLines(examples.map((one) => ({ ...one, task_id: taskId })));
  await at.work.put(objects.outcomes(taskId, day), lines, 'application/jsonl');
  return taskId;
}

export const causes = (at: Loop, reason: string): string[] =>
  [...at.table.items.values()]
    .filter((item) => item['entity'] === 'trigger' && item['reason'] === reason)
    .map((item) => String(item['key']));
