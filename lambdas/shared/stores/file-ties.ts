import { StoredAgentId } from '../../../contracts/entities/common.ts';
import type { AgentId } from '../../../contracts/entities/common.ts';
import { TaskFields, TaskStatus } from '../../../contracts/entities/task-fields.ts';
import type { Task } from '../../../contracts/entities/task.ts';
import { keys, USE_PREFIX } from '../../../contracts/naming.ts';
import { HOUR, MINUTE } from '../clock.ts';
import { record, ttlSeconds } from './records.ts';
import { succeeds } from './table.ts';
import type { Item, Table } from './table.ts';

/**
 * Up to this age, a tie without a task belongs to a task that is being stored; after that, to a request that crashed.
 */
export const TASK_MAY_FOLLOW = 15 * MINUTE;
/** Time to live of a tie until planning confirms it, minutes after the task is stored. */
const UNCONFIRMED_LIFE = 24 * HOUR;
const PAGE = 100;

/** The use of a file by a task. Written before the task, so the task may be missing for a moment or, after a crash, for a day. */
export interface FileUse {
  readonly task_id: string;
  readonly created_at: string;
}

/** With the task, if it exists. */
export interface TaskUse extends FileUse {
  readonly task:
    | (Pick<Task, 'review_state' | 'reviewer_id'> & {
        readonly status: TaskStatus;
        readonly buyer_id: string;
        readonly assigned_agent_id: AgentId;
      })
    | undefined;
}

const asUse = (item: Item): FileUse => ({
  task_id: String(item['task_id']),
  created_at: String(item['created_at']),
});

/** Ties files to a task of their owner, for a day unless `confirmTies` follows. */
export async function tieFiles(
  table: Table,
  ids: readonly string[],
  tie: { ownerId: string; taskId: string; at: string },
): Promise<void> {
  const ttl = ttlSeconds(new Date(Date.parse(tie.at) + UNCONFIRMED_LIFE));
  const data = { task_id: tie.taskId, buyer_id: tie.ownerId, created_at: tie.at, ttl };
  await Promise.all(
    ids.map((id) => table.write({ put: record('file_use', keys.fileUse(id, tie.taskId), data) })),
  );
}

/** Makes the ties of a stored task permanent. A tie that does not exist any more is not created again. */
export async function confirmTies(table: Table, ids: readonly string[], taskId: string): Promise<void> {
  const confirm = (id: string) =>
    succeeds(
      table.write({
        update: keys.fileUse(id, taskId),
        remove: ['ttl'],
        when: [{ attribute: 'pk', is: 'present' }],
      }),
    );
  await Promise.all(ids.map(confirm));
}

export async function untieFiles(table: Table, ids: readonly string[], taskId: string): Promise<void> {
  await Promise.all(ids.map((id) => table.write({ delete: keys.fileUse(id, taskId) })));
}

/**
 * Up to 100 uses by tasks of the owner, newest first. Without ties that a crash left, and
 * without those of others from before ties named their owner.
 */
export async function ownUses(
  table: Table,
  id: string,
  ownerId: string,
  now: Date,
  { consistent = false } = {},
): Promise<FileUse[]> {
  const items = await table.query({
    consistent,
    pk: keys.file(id).pk,
    prefix: USE_PREFIX,
    limit: PAGE,
    newestFirst: true,
  });
  const fresh = new Date(now.getTime() - TASK_MAY_FOLLOW).toISOString();
  const unnamed = items.filter((item) => item['buyer_id'] === undefined);
  const tasks = await table.getMany(
    unnamed.map((item) => keys.task(String(item['task_id']))),
    { consistent },
  );
  const owners = new Map(tasks.map((task) => [String(task['id']), task['buyer_id']]));
  return items
    .filter((item) => (item['buyer_id'] ?? owners.get(String(item['task_id']))) === ownerId)
    .filter((item) => item['ttl'] === undefined || String(item['created_at']) > fresh)
    .map(asUse)
    .sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
}

/** All uses with their tasks, read consistently, in pages. */
export async function* taskUses(table: Table, id: string): AsyncGenerator<TaskUse[], void, undefined> {
  const { pk } = keys.file(id);
  const page = { pk, prefix: USE_PREFIX, limit: PAGE, newestFirst: true, consistent: true };
  let items = await table.query(page);
  while (items.length > 0) {
    const uses = items.map(asUse);
    const tasks = await table.getMany(
      uses.map((use) => keys.task(use.task_id)),
      { consistent: true },
    );
    const byId = new Map(tasks.map((task) => [String(task['id']), task]));
    yield uses.map((use) => ({ ...use, task: taskOf(byId.get(use.task_id)) }));
    const last = items.length === PAGE ? items.at(-1) : undefined;
    items = last ? await table.query({ ...page, before: String(last['sk']) }) : [];
  }
}

const Reviewed = TaskFields.pick({ review_state: true, reviewer_id: true }).strip();
const taskOf = (task: Item | undefined): TaskUse['task'] =>
  task && {
    status: TaskStatus.parse(task['status']),
    buyer_id: String(task['buyer_id']),
    assigned_agent_id: StoredAgentId.parse(task['assigned_agent_id']),
    ...Reviewed.parse(task),
  };
