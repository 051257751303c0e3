import type * as z from 'zod';
import type { Page } from '../../contracts/api/page.ts';
import type { TaskView } from '../../contracts/api/tasks.ts';
import type { Kind } from '../../contracts/entities/common.ts';
import type { TaskStatus } from '../../contracts/entities/task.ts';
import { objects } from '../../contracts/naming.ts';
import { ItemPayload } from '../../contracts/serving/invocation.ts';
import type { Caller } from '../shared/http/caller.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { PageRequest } from '../shared/stores/paging.ts';
import type { TaskStore } from '../shared/stores/task-store.ts';
import { listOwner, ownedTask, assertVisible } from './access.ts';
import { pageOfParts } from './parts.ts';
import { taskView } from './task-view.ts';

export interface ReadTaskDependencies {
  readonly tasks: TaskStore;
  readonly work: ObjectStore;
}

export async function listTasks(
  deps: ReadTaskDependencies,
  caller: Caller,
  query: PageRequest & { status?: TaskStatus | undefined; kind?: Kind | undefined },
): Promise<Page<TaskView>> {
  const page = await deps.tasks.list(
    listOwner(caller),
    query,
    (task) =>
      (query.status === undefined || task.status === query.status) &&
      (query.kind === undefined || task.kind === query.kind),
  );
  return { ...page, items: page.items.map(taskView) };
}

export async function getTask(deps: ReadTaskDependencies, caller: Caller, taskId: string): Promise<TaskView> {
  return taskView(assertVisible(caller, await deps.tasks.get(taskId), ownedTask));
}

/** The items to answer; an empty page until the task is split into chunks. */
export async function listTaskItems(
  deps: ReadTaskDependencies,
  caller: Caller,
  taskId: string,
  page: PageRequest,
): Promise<Page<z.infer<typeof ItemPayload>>> {
  const task = assertVisible(caller, await deps.tasks.get(taskId), ownedTask);
  const sizes = 'chunk_sizes' in task ? (task.chunk_sizes ?? []) : [];
  const parts = sizes.map((count, i) => ({ key: objects.chunkItems(taskId, i + 1), count }));
  return pageOfParts(deps.work, parts, page, ItemPayload);
}
