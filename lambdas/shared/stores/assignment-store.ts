import { Assignment } from '../../../contracts/entities/agent.ts';
import type { AssignmentOutcome } from '../../../contracts/entities/agent.ts';
import type { Page } from '../../../contracts/api/page.ts';
import { DUKE_MM_ID } from '../../../contracts/entities/common.ts';
import type { Task } from '../../../contracts/entities/task.ts';
import { INDEXES, indexKeys, keys } from '../../../contracts/naming.ts';
import { freeSlotStep, takeSlotSteps } from './agent-steps.ts';
import { listPage, loadBehind } from './paging.ts';
import type { PageRequest } from './paging.ts';
import { parseRecord, record } from './records.ts';
import type { Item, Table, TransactionStep } from './table.ts';

/**
 * Assignments of tasks to registered agents, with their outcomes. Duke MM's are not stored: every task of it would
 * have one.
 */
export interface AssignmentStore {
  get(agentId: string, taskId: string): Promise<Assignment | undefined>;
  /** Newest first. */
  list(
    agentId: string,
    page: PageRequest,
    matches: (assignment: Assignment) => boolean,
  ): Promise<Page<Assignment>>;
}

type Given = Pick<Task, 'id' | 'assigned_agent_id' | 'price_satoshis'>;

/** Steps that assign a task to its agent, for the transaction that stores the task. None for Duke MM. */
export function assignSteps(
  task: Given & { readonly deadline_at: string },
  at: string,
): readonly TransactionStep[] {
  const agentId = task.assigned_agent_id;
  if (agentId === DUKE_MM_ID) return [];
  const assignment: Assignment = {
    agent_id: agentId,
    task_id: task.id,
    outcome: 'open',
    price_satoshis: task.price_satoshis,
    assigned_at: at,
    deadline_at: task.deadline_at,
  };
  return [
    ...takeSlotSteps(agentId),
    {
      put: record('assignment', keys.assignment(agentId, task.id), assignment, {
        worker: indexKeys.assignment(agentId, at, task.id),
      }),
      when: [{ attribute: 'pk', is: 'absent' }],
    },
  ];
}

/** Steps that end an assignment, for the transaction that reassigns or ends the task. None for Duke MM. */
export function endAssignmentSteps(
  task: Given,
  outcome: Exclude<AssignmentOutcome, 'open'>,
  at: string,
): readonly TransactionStep[] {
  const agentId = task.assigned_agent_id;
  if (agentId === DUKE_MM_ID) return [];
  const slot = outcome === 'delivered' || outcome === 'missed' ? outcome : 'ended';
  return [
    freeSlotStep(agentId, slot),
    { update: keys.assignment(agentId, task.id), set: { outcome, ended_at: at } },
  ];
}

const sortKeyOf = (item: Item): string => String(item[`${INDEXES.worker}sk`]);

export function assignmentStore(table: Table): AssignmentStore {
  const parse = (item: Item): Assignment => parseRecord(Assignment, item);
  return {
    async get(agentId, taskId) {
      const item = await table.get(keys.assignment(agentId, taskId), { consistent: true });
      return item && parse(item);
    },
    list: (agentId, page, matches) =>
      listPage({
        table,
        partitions: [{ index: 'worker', pk: indexKeys.assignment(agentId, '', '').pk }],
        page,
        matches,
        sortKeyOf,
        load: loadBehind(table, sortKeyOf, parse),
      }),
  };
}
