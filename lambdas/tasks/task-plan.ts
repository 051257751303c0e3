import { DUKE_MM_ID } from '../../contracts/entities/common.ts';
import type { ChunkMessage } from '../../contracts/entities/task-messages.ts';
import type { Task, TaskIn } from '../../contracts/entities/task.ts';
import { objects } from '../../contracts/naming.ts';
import type { ExamplePayload, ItemPayload } from '../../contracts/serving/invocation.ts';
import { jsonLines } from '../shared/objects.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { ModelStore } from '../shared/stores/model-store.ts';
import type { RecallStore } from '../shared/stores/recall-store.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';
import { answerReader } from './answers.ts';
import { Chunker } from './chunks.ts';
import type { Expanded } from './expanded.ts';
import { recalledFor, withReadAnswer, writeExamples } from './task-examples.ts';

type Split = Pick<TaskIn<'assigned'>, 'chunk_sizes' | 'chunks_left' | 'examples_sha256'>;
type Measured = Pick<Task, 'id' | 'kind' | 'labels' | 'item_count' | 'example_count'>;

/**
 * Writes the items of a task in chunks, and its examples. Idempotent: the same items give the same objects.
 * @throws Unreadable if there are not as many items and examples as the price was computed for
 */
export async function writeChunks(
  work: ObjectStore,
  task: Measured,
  expanded: AsyncIterable<Expanded> | Iterable<Expanded>,
): Promise<Split> {
  const examples: ExamplePayload[] = [];
  const sizes: number[] = [];
  const writeChunk = async (items: ItemPayload[] | undefined): Promise<void> => {
    if (!items) return;
    sizes.push(items.length);
    await work.put(objects.chunkItems(task.id, sizes.length), jsonLines(items), 'application/jsonl');
  };
  const chunker = new Chunker(task.kind);
  const readAnswer = answerReader(task);
  for await (const one of expanded) {
    if ('example' in one) examples.push(withReadAnswer(one.example, readAnswer));
    else await writeChunk(chunker.add(one.item));
  }
  await writeChunk(chunker.flush());
  checkCounts(task, sizes, examples.length);
  return {
    chunk_sizes: sizes,
    chunks_left: sizes.length,
    ...(examples.length > 0 && { examples_sha256: await writeExamples(work, task.id, examples) }),
  };
}

function checkCounts(task: Measured, sizes: readonly number[], examples: number): void {
  const items = sizes.reduce((sum, size) => sum + size, 0);
  if (items === task.item_count && examples === task.example_count) return;
  throw new Unreadable(
    `they hold ${items} items and ${examples} examples, but ${task.item_count} and ${task.example_count} were inspected`,
  );
}

export interface AssignDependencies {
  readonly models: ModelStore;
  readonly recalls: RecallStore;
}

/** The task with its chunks, with the version that answers it if its agent is Duke MM, and with the items confirmed before. */
export async function assignedTask(
  deps: AssignDependencies,
  task: TaskIn<'created'>,
  split: Split,
  at: string,
): Promise<TaskIn<'assigned'>> {
  const [routing, recalled] = await Promise.all([deps.models.routing(), recalledFor(deps.recalls, task)]);
  const production = task.assigned_agent_id === DUKE_MM_ID ? routing?.production : undefined;
  return {
    ...task,
    ...split,
    status: 'assigned',
    ...(production !== undefined && { model_version: production }),
    ...(recalled && { recalled }),
    assigned_at: at,
    updated_at: at,
  };
}

/** Queues chunks for Duke MM. */
export type EnqueueChunks = (messages: readonly ChunkMessage[], delaySeconds: number) => Promise<void>;

/** Queue messages for Duke MM, one for each chunk; none for registered agents, who fetch their tasks themselves. */
export const chunkMessages = (
  task: Pick<TaskIn<'assigned'>, 'id' | 'assigned_agent_id' | 'chunk_sizes'>,
): ChunkMessage[] =>
  task.assigned_agent_id === DUKE_MM_ID
    ? task.chunk_sizes.map((_, i) => ({ task_id: task.id, chunk: i + 1, waits: 0 }))
    : [];
