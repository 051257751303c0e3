import { ShadowAnswers } from '../../../contracts/entities/shadow-trial.ts';
import type { RunningTrial } from '../../../contracts/entities/shadow-trial.ts';
import type { Task } from '../../../contracts/entities/task.ts';
import { objects, parseS3Uri } from '../../../contracts/naming.ts';
import {
  isOver,
  MAX_ITEMS_PER_TASK,
  servedVersion,
  shadowVersion,
} from '../../../contracts/rules/shadow-trial.ts';
import { ItemPayload } from '../../../contracts/serving/invocation.ts';
import type { InvocationRequest } from '../../../contracts/serving/invocation.ts';
import type { Clock } from '../../shared/clock.ts';
import type { DukeMMClient } from '../../shared/duke-mm-client.ts';
import { sha256 } from '../../shared/ids.ts';
import { requestFor } from '../../shared/invocation-request.ts';
import { logger } from '../../shared/logger.ts';
import { parseJsonLines } from '../../shared/objects.ts';
import type { ObjectStore } from '../../shared/objects.ts';
import { RetryableError } from '../../shared/retry.ts';
import { roundAnswers } from '../../shared/round-answers.ts';
import type { TaskStore } from '../../shared/stores/task-store.ts';
import type { TrialStore } from '../../shared/stores/trial-store.ts';

export interface ShadowDependencies {
  readonly tasks: TaskStore;
  readonly trials: TrialStore;
  readonly work: ObjectStore;
  readonly dukeMM: DukeMMClient;
  readonly clock: Clock;
  /** Share of the tasks that are answered a second time. */
  readonly share: number;
}

/**
 * Lets the shadow version of each running trial answer items of a delivered task, and stores its answers. Buyers never see
 * them. Idempotent.
 * @param isLastAttempt a busy endpoint then costs the trial this task, instead of a dead letter
 * @throws RetryableError if the endpoint is busy
 */
export async function answerInShadow(
  deps: ShadowDependencies,
  taskId: string,
  isLastAttempt: boolean,
): Promise<void> {
  const trials = (await deps.trials.newest()).filter((trial) => trial.status === 'running');
  if (trials.length === 0) return;
  const task = await deps.tasks.get(taskId, { consistent: true });
  if (!task?.allow_training) return;
  for (const trial of trials) {
    if (!takesPart(deps, trial, task)) continue;
    const key = objects.shadowAnswers(taskId, shadowVersion(trial));
    if ((await deps.work.size(key)) !== undefined) continue;
    const answers = await ask(deps, trial, task, isLastAttempt);
    if (answers) await deps.work.put(key, JSON.stringify(answers), 'application/json');
  }
}

/** Sampled by the task, so that a repeated message decides alike. */
function takesPart({ share, clock }: ShadowDependencies, trial: RunningTrial, task: Task): boolean {
  if (!('model_version' in task) || task.model_version !== servedVersion(trial)) return false;
  const position = parseInt(sha256(`${task.id} ${trial.candidate}`).slice(0, 8), 16) / 2 ** 32;
  return position < share && !isOver(trial, clock());
}

async function ask(
  deps: ShadowDependencies,
  trial: RunningTrial,
  task: Task,
  isLastAttempt: boolean,
): Promise<ShadowAnswers | undefined> {
  const version = shadowVersion(trial);
  const items = await sampleOf(deps.work, task.id);
  const request = requestFor(deps.work.bucket, task, items);
  if (!(await hasRecalled(deps.work, request))) return undefined;
  const invocation = await deps.dukeMM.invoke(request, version);
  if (invocation.outcome === 'busy') {
    if (!isLastAttempt) throw new RetryableError(`version ${version} is busy: ${invocation.why}`);
    logger.warn('not answered in shadow, since the endpoint is busy', { task_id: task.id, version });
    return undefined;
  }
  if (invocation.outcome === 'refused') {
    // A file may be gone since the task was answered: then the served version refuses the request too.
    const served = await deps.dukeMM.invoke(request, servedVersion(trial));
    if (served.outcome !== 'answered') return undefined;
  }
  const answered = invocation.outcome === 'answered' ? roundAnswers(task, invocation.response.items) : [];
  const predictions = new Map(answered.map(({ id, prediction }) => [id, prediction]));
  return ShadowAnswers.parse({
    version,
    items: items.map(({ id }) => ({ id, prediction: predictions.get(id) ?? null })),
  });
}

/** Whether the confirmed items that the task was answered with still exist; a newer snapshot replaces them. */
async function hasRecalled(work: ObjectStore, { recalled }: InvocationRequest): Promise<boolean> {
  const place = recalled && parseS3Uri(recalled.uri);
  return place === undefined || (await work.size(place.key)) !== undefined;
}

/** Items of the first chunk at equal distances. */
async function sampleOf(work: ObjectStore, taskId: string): Promise<ItemPayload[]> {
  const lines = parseJsonLines(await work.text(objects.chunkItems(taskId, 1)));
  const step = Math.ceil(lines.length / MAX_ITEMS_PER_TASK);
  return lines.filter((_, i) => i % step === 0).map((line) => ItemPayload.parse(line));
}
