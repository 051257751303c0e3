import { BASE_PATH } from '../../contracts/api/operation.ts';
import type { Page } from '../../contracts/api/page.ts';
import type { TaskView } from '../../contracts/api/tasks.ts';
import type { Kind } from '../../contracts/entities/common.ts';
import type { ResultPart } from '../../contracts/entities/result.ts';
import type { TaskStatus } from '../../contracts/entities/task-fields.ts';
import type { Task } from '../../contracts/entities/task.ts';
import { objects, parseReadyUri, reviewItemsKey } from '../../contracts/naming.ts';
import { ExamplePayload, ItemPayload } from '../../contracts/serving/invocation.ts';
import type { Caller } from '../shared/http/caller.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { PageRequest } from '../shared/stores/paging.ts';
import { reviewerOf } from '../shared/stores/task-records.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';
import { listOwner, ownedTask, assertVisible } from './access.ts';
import { pageOfParts } from './parts.ts';
import { taskViewFor } from './task-view.ts';

export interface ReadTaskDependencies {
  readonly tasks: TaskStore;
  readonly work: ObjectStore;
}

type Party = 'buyer' | 'agent';
const isParty = (task: Task, role: Party, userId: string): boolean =>
  role === 'buyer'
    ? task.buyer_id === userId
    : task.assigned_agent_id === userId || reviewerOf(task) === userId;

export async function listTasks(
  deps: ReadTaskDependencies,
  caller: Caller,
  query: PageRequest & { status?: TaskStatus | undefined; kind?: Kind | undefined; role?: Party | undefined },
): Promise<Page<TaskView>> {
  const page = await deps.tasks.list(
    listOwner(caller),
    query,
    (task) =>
      (query.status === undefined || task.status === query.status) &&
      (query.kind === undefined || task.kind === query.kind) &&
      (query.role === undefined || isParty(task, query.role, caller.userId)),
  );
  return { ...page, items: page.items.map((task) => taskViewFor(caller, task)) };
}

export async function getTask(deps: ReadTaskDependencies, caller: Caller, taskId: string): Promise<TaskView> {
  return taskViewFor(
    caller,
    assertVisible(caller, await deps.tasks.get(taskId, { consistent: true }), ownedTask),
  );
}

/** The items of a task; an empty page until the task is split into chunks. */
export async function listTaskItems(
  deps: ReadTaskDependencies,
  caller: Caller,
  taskId: string,
  page: PageRequest,
): Promise<Page<ItemPayload>> {
  const task = assertVisible(caller, await deps.tasks.get(taskId, { consistent: true }), ownedTask);
  const items = await pageOfParts(deps.work, itemParts(caller, task), page, ItemPayload);
  return caller.role === 'agent' ? { ...items, items: items.items.map(withApiPaths) } : items;
}

/** Keys of the items: of all, or for a reviewer of the unsure ones. */
function itemParts(caller: Caller, task: Task): ResultPart[] {
  if (caller.userId === reviewerOf(task) && task.review_item_count !== undefined)
    return [{ key: reviewItemsKey(task.id), count: task.review_item_count }];
  const sizes = 'chunk_sizes' in task ? (task.chunk_sizes ?? []) : [];
  return sizes.map((count, i) => ({ key: objects.chunkItems(task.id, i + 1), count }));
}

/** The examples of a task; an empty page until the task is split into chunks. */
export async function listTaskExamples(
  deps: ReadTaskDependencies,
  caller: Caller,
  taskId: string,
  page: PageRequest,
): Promise<Page<ExamplePayload>> {
  const task = assertVisible(caller, await deps.tasks.get(taskId, { consistent: true }), ownedTask);
  const isPlanned = 'examples_sha256' in task && task.examples_sha256 !== undefined;
  const parts = isPlanned ? [{ key: objects.examples(taskId), count: task.example_count }] : [];
  const examples = await pageOfParts(deps.work, parts, page, ExamplePayload);
  return caller.role === 'agent' ? { ...examples, items: examples.items.map(withApiPaths) } : examples;
}

/** Agents get media through the route that returns a short-lived URL, since they cannot use storage URIs. */
function withApiPaths<T extends ItemPayload>(item: T): T {
  if (!item.media) return item;
  const media = Object.entries(item.media).map(([name, medium]) => {
    const address = parseReadyUri(medium.uri);
    if (!address) throw new Error(`item ${item.id} names a medium at an unknown address`);
    // An archive has many media; the hash selects one.
    return [name, { ...medium, uri: `${BASE_PATH}/files/${address.fileId}?sha256=${address.sha256}` }];
  });
  return { ...item, media: Object.fromEntries(media) as T['media'] };
}
