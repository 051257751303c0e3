import type { ReadyFile } from '../../contracts/entities/file.ts';
import { TaskInputs } from '../../contracts/entities/inline-item.ts';
import type { Task, TaskIn } from '../../contracts/entities/task.ts';
import { objects } from '../../contracts/naming.ts';
import type { Clock } from '../shared/clock.ts';
import { ObjectMissing } from '../shared/objects.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { FileStore } from '../shared/stores/file-store.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';
import { failTask } from './end-task.ts';
import { expandItems } from './expand-items.ts';
import { assignedTask, chunkMessages, writeChunks } from './task-plan.ts';
import type { AssignDependencies, EnqueueChunks } from './task-plan.ts';

export interface PlanTaskDependencies extends AssignDependencies {
  readonly tasks: TaskStore;
  readonly files: FileStore;
  readonly uploads: ObjectStore;
  readonly work: ObjectStore;
  readonly enqueue: EnqueueChunks;
  readonly clock: Clock;
}

/**
 * Seconds by which the chunks of a task are queued again. Whoever assigned it queued them already, unless it crashed: the delayed
 * message then finds its chunk answered.
 */
const REPEAT_DELAY_SECONDS = 10;

/**
 * Splits a new task into chunks and, for Duke MM, queues them for execution. Tasks that were split while they were posted, or
 * have a new agent, are only queued. Idempotent: objects are rewritten with the same content, the assignment is conditional, and a chunk
 * queued twice is answered once.
 */
export async function planTask(deps: PlanTaskDependencies, taskId: string): Promise<void> {
  const task = await deps.tasks.get(taskId, { consistent: true });
  if (task?.status === 'created') {
    const assigned = await splitOrFail(deps, task);
    if (assigned && (await deps.tasks.assign(assigned))) await deps.enqueue(chunkMessages(assigned), 0);
    return;
  }
  if (task?.status !== 'assigned') return;
  const isReassigned = (task.attempt ?? 1) > 1;
  await deps.enqueue(chunkMessages(task), isReassigned ? 0 : REPEAT_DELAY_SECONDS);
}

async function splitOrFail(
  deps: PlanTaskDependencies,
  task: TaskIn<'created'>,
): Promise<TaskIn<'assigned'> | undefined> {
  try {
    return await splitIntoChunks(deps, task);
  } catch (error) {
    if (!(error instanceof ObjectMissing || error instanceof Unreadable)) throw error;
    await failTask(deps, task, `The task's files could not be read: ${error.message}.`);
    return undefined;
  }
}

async function splitIntoChunks(
  deps: PlanTaskDependencies,
  task: TaskIn<'created'>,
): Promise<TaskIn<'assigned'>> {
  const inputs = TaskInputs.parse(JSON.parse(await deps.work.text(objects.taskInputs(task.id))));
  const files = await loadFiles(deps.files, task, inputs);
  const expanded = expandItems({ task, inputs, files, uploads: deps.uploads });
  const split = await writeChunks(deps.work, task, expanded);
  return assignedTask(deps, task, split, deps.clock().toISOString());
}

async function loadFiles(store: FileStore, task: Task, inputs: TaskInputs): Promise<Map<string, ReadyFile>> {
  const inline = [...inputs.items, ...inputs.examples].flatMap((item) => Object.values(item.files ?? {}));
  const files = new Map<string, ReadyFile>();
  for (const id of new Set([...task.files, ...inline])) {
    const file = await store.tied(id);
    if (!file) throw new ObjectMissing(`file ${id} is gone`);
    files.set(id, file);
  }
  await store.confirm([...files.keys()], task.id);
  return files;
}
