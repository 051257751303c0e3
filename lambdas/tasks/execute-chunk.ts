import { DUKE_MM_ID } from '../../contracts/entities/common.ts';
import type { ChunkMessage } from '../../contracts/entities/task-messages.ts';
import type { Task, TaskIn } from '../../contracts/entities/task.ts';
import { objects } from '../../contracts/naming.ts';
import { ItemPayload } from '../../contracts/serving/invocation.ts';
import type { ItemPrediction } from '../../contracts/serving/invocation.ts';
import type { Clock } from '../shared/clock.ts';
import { jsonLines } from '../shared/objects.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';
import { findFaults } from './checks.ts';
import type { DukeMMClient } from '../shared/duke-mm-client.ts';
import { failTask } from './end-task.ts';
import { requestFor } from '../shared/invocation-request.ts';
import { roundAnswers } from '../shared/round-answers.ts';
import { readPart } from './parts.ts';

export interface ExecuteChunkDependencies {
  readonly tasks: TaskStore;
  readonly work: ObjectStore;
  readonly dukeMM: DukeMMClient;
  /** Sends the message again with a delay, as a new message whose receive count starts at zero. */
  readonly requeue: (message: ChunkMessage, delaySeconds: number) => Promise<void>;
  readonly clock: Clock;
  /** Receives after which the queue moves a message to the dead-letter queue. */
  readonly maxReceives: number;
}

const MAX_WAIT_SECONDS = 60;
/** Exponential backoff from one second; retries end with the task's deadline. */
export const waitSeconds = (waits: number): number => Math.min(MAX_WAIT_SECONDS, 2 ** Math.min(waits, 6));

/**
 * Lets Duke MM answer one chunk and counts it exactly once. Idempotent, also under concurrent delivery.
 * @throws Error if the attempt failed; on the last attempt the task is failed and refunded first
 */
export async function executeChunk(
  deps: ExecuteChunkDependencies,
  message: ChunkMessage,
  receiveCount: number,
): Promise<void> {
  const task = await startedTask(deps, message.task_id);
  if (!task || (await deps.tasks.hasChunk(task, message.chunk))) return;
  try {
    await answerChunk(deps, task, message);
  } catch (error) {
    if (receiveCount >= deps.maxReceives) {
      await failTask(
        deps,
        task,
        `Duke MM could not answer part ${message.chunk} after ${receiveCount} tries.`,
      );
    }
    throw error;
  }
}

/** Starts the task if needed and returns it; undefined if it has ended or was reassigned. */
async function startedTask(
  deps: ExecuteChunkDependencies,
  id: string,
): Promise<TaskIn<'executing'> | undefined> {
  let task: Task | undefined = await deps.tasks.get(id, { consistent: true });
  if (task?.assigned_agent_id !== DUKE_MM_ID) return undefined;
  if (task.status === 'assigned') {
    await deps.tasks.start(task, deps.clock().toISOString());
    task = await deps.tasks.get(id, { consistent: true });
  }
  return task?.status === 'executing' && task.assigned_agent_id === DUKE_MM_ID ? task : undefined;
}

async function answerChunk(
  deps: ExecuteChunkDependencies,
  task: TaskIn<'executing'>,
  message: ChunkMessage,
): Promise<void> {
  const items = await readPart(deps.work, objects.chunkItems(task.id, message.chunk), ItemPayload);
  if (task.model_version === undefined)
    throw new Error(`task ${task.id} was planned without a model version`);
  const invocation = await deps.dukeMM.invoke(requestFor(deps.work.bucket, task, items), task.model_version);
  switch (invocation.outcome) {
    case 'busy': {
      const delay = Math.min(invocation.retryAfterSeconds ?? waitSeconds(message.waits), MAX_WAIT_SECONDS);
      return deps.requeue({ ...message, waits: message.waits + 1 }, Math.ceil(delay));
    }
    case 'refused':
      await failTask(deps, task, `Duke MM refused the task: ${invocation.why}`);
      return;
    case 'answered': {
      const predictions = invocation.response.items;
      const faults = findFaults(
        task,
        items.map((item) => item.id),
        predictions,
      );
      if (faults.length > 0)
        throw new Error(`answers of chunk ${message.chunk} fail the checks: ${faults.join('; ')}`);
      await deliver(deps, task, message.chunk, roundAnswers(task, inOrder(items, predictions)));
    }
  }
}

function inOrder(items: readonly ItemPayload[], predictions: readonly ItemPrediction[]): ItemPrediction[] {
  const byId = new Map(predictions.map((prediction) => [prediction.id, prediction]));
  return items.map((item) => byId.get(item.id)!);
}

/** Stores the answers before counting the chunk: after a crash in between the chunk is answered again. */
async function deliver(
  deps: ExecuteChunkDependencies,
  task: Task,
  chunk: number,
  answers: readonly ItemPrediction[],
): Promise<void> {
  await deps.work.put(objects.chunkResults(task.id, chunk), jsonLines(answers), 'application/jsonl');
  await deps.tasks.chunkDone(task, chunk, deps.clock().toISOString());
}
