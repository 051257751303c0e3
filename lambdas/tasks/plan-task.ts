import { DUKE_MM_ID } from '../../contracts/entities/common.ts';
import type { ChunkMessage } from '../../contracts/entities/task-messages.ts';
import type { Task, TaskIn } from '../../contracts/entities/task.ts';
import { TaskInputs } from '../../contracts/entities/inline-item.ts';
import type { ReadyFile } from '../../contracts/entities/file.ts';
import { objects } from '../../contracts/naming.ts';
import type { ExamplePayload, ItemPayload } from '../../contracts/serving/invocation.ts';
import type { Clock } from '../shared/clock.ts';
import { jsonLines, ObjectMissing } from '../shared/objects.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { FileStore } from '../shared/stores/file-store.ts';
import type { ModelStore } from '../shared/stores/model-store.ts';
import type { RecallStore } from '../shared/stores/recall-store.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';
import { answerReader } from './answers.ts';
import { Chunker } from './chunks.ts';
import { failTask } from './end-task.ts';
import { expandItems } from './expand-items.ts';
import { recalledFor, withReadAnswer, writeExamples } from './task-examples.ts';

export interface PlanTaskDependencies {
  readonly tasks: TaskStore;
  readonly files: FileStore;
  readonly models: ModelStore;
  readonly recalls: RecallStore;
  readonly uploads: ObjectStore;
  readonly work: ObjectStore;
  readonly enqueue: (messages: readonly ChunkMessage[]) => Promise<void>;
  readonly clock: Clock;
}

/**
 * Splits a new task into chunks and, for Duke MM, queues them for execution. Idempotent: objects are rewritten with the same content,
 * the assignment is conditional, and a chunk queued twice is answered once.
 */
export async function planTask(deps: PlanTaskDependencies, taskId: string): Promise<void> {
  const task = await deps.tasks.get(taskId, { consistent: true });
  if (task?.status === 'created') {
    const assigned = await splitOrFail(deps, task);
    if (assigned && (await deps.tasks.assign(assigned))) await enqueueForDuke(deps, assigned);
    return;
  }
  // After a crash between assignment and queueing the messages may be missing; queueing them twice is harmless.
  if (task?.status === 'assigned') await enqueueForDuke(deps, task);
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
  const examples: ExamplePayload[] = [];
  const sizes: number[] = [];
  const writeChunk = async (items: ItemPayload[] | undefined): Promise<void> => {
    if (!items) return;
    sizes.push(items.length);
    await deps.work.put(objects.chunkItems(task.id, sizes.length), jsonLines(items), 'application/jsonl');
  };
  const chunker = new Chunker(task.kind);
  const readAnswer = answerReader(task);
  for await (const expanded of expandItems({ task, inputs, files, uploads: deps.uploads })) {
    if ('example' in expanded) examples.push(withReadAnswer(expanded.example, readAnswer));
    else await writeChunk(chunker.add(expanded.item));
  }
  await writeChunk(chunker.flush());
  checkCounts(task, sizes, examples.length);

  const at = deps.clock().toISOString();
  const [routing, recalled] = await Promise.all([deps.models.routing(), recalledFor(deps.recalls, task)]);
  const production = task.assigned_agent_id === DUKE_MM_ID ? routing?.production : undefined;
  return {
    ...task,
    status: 'assigned',
    ...(production !== undefined && { model_version: production }),
    chunk_sizes: sizes,
    chunks_left: sizes.length,
    ...(examples.length > 0 && { examples_sha256: await writeExamples(deps.work, task.id, examples) }),
    ...(recalled && { recalled }),
    assigned_at: at,
    updated_at: at,
  };
}

/** Ensures that the files hold as many items and examples as the price was computed for. @throws Unreadable */
function checkCounts(task: Task, sizes: readonly number[], examples: number): void {
  const items = sizes.reduce((sum, size) => sum + size, 0);
  if (items === task.item_count && examples === task.example_count) return;
  throw new Unreadable(
    `they hold ${items} items and ${examples} examples, but ${task.item_count} and ${task.example_count} were inspected`,
  );
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

/** A registered agent fetches its tasks itself. */
async function enqueueForDuke(deps: PlanTaskDependencies, task: TaskIn<'assigned'>): Promise<void> {
  if (task.assigned_agent_id !== DUKE_MM_ID) return;
  await deps.enqueue(task.chunk_sizes.map((_, i) => ({ task_id: task.id, chunk: i + 1, waits: 0 })));
}
