import * as z from 'zod';
import { AgentId, BasisPoints, Id, Kind, ModelVersion, Satoshis, Timestamp } from '../entities/common.ts';
import { InlineExample, InlineItem, Label, MAX_EXAMPLES, Settlement, TaskStatus } from '../entities/task.ts';
import { ItemPayload } from '../serving/invocation.ts';
import { operations } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';

export const CreateTaskBody = z
  .strictObject({
    description: z.string().trim().min(1).max(4000),
    complexity: z.int().min(1).max(10),
    kind: Kind.optional(),
    labels: z
      .array(Label)
      .min(2)
      .max(200)
      .refine((labels) => new Set(labels).size === labels.length, 'each label once')
      .optional(),
    target: z.string().min(1).max(200).optional(),
    files: z
      .array(Id)
      .max(500)
      .refine((ids) => new Set(ids).size === ids.length, 'each file once')
      .default([]),
    items: z.array(InlineItem).max(2500).default([]),
    examples: z.array(InlineExample).max(MAX_EXAMPLES).default([]),
    allow_training: z.boolean().default(true),
    preferred_agent: z.string().min(1).max(40).optional(),
    max_price_satoshis: Satoshis.optional(),
    review_window_hours: z.int().min(1).max(168).default(24),
  })
  .meta({ id: 'CreateTask' });
export type CreateTaskBody = z.infer<typeof CreateTaskBody>;

export const TaskView = z
  .strictObject({
    id: Id,
    buyer_id: Id,
    description: z.string(),
    complexity: z.int(),
    kind: Kind,
    labels: z.array(z.string()).optional(),
    target: z.string().optional(),
    family: z.string(),
    files: z.array(Id),
    item_count: z.int(),
    example_count: z.int(),
    /** Items that the buyer confirmed in earlier tasks of the same question, given to Duke MM beside the examples. */
    recalled_count: z.int().optional(),
    /** Items answered so far. */
    progress: z.strictObject({ chunks_done: z.int(), chunk_count: z.int() }).nullable(),
    assigned_agent: z.string(),
    assigned_agent_id: AgentId,
    price_satoshis: Satoshis,
    reputation_bp: BasisPoints,
    status: TaskStatus,
    settlement: Settlement,
    failure_reason: z.string().optional(),
    result_id: Id.optional(),
    model_version: ModelVersion.optional(),
    allow_training: z.boolean(),
    created_at: Timestamp,
    updated_at: Timestamp,
    completed_at: Timestamp.optional(),
    deadline_at: Timestamp.optional(),
    review_until: Timestamp.optional(),
  })
  .meta({ id: 'Task' });
export type TaskView = z.infer<typeof TaskView>;

const taskId = z.strictObject({ task_id: Id });
const parties = { kind: 'roles', roles: { buyer: 'own', agent: 'party', admin: 'any' } } as const;

export const taskOperations = operations({
  createTask: {
    method: 'POST',
    path: '/tasks/create',
    capability: 'tasks',
    summary: 'Post a task: chooses the agent, fixes the price and holds the money',
    access: { kind: 'roles', roles: { buyer: 'own' } },
    body: CreateTaskBody,
    status: 201,
    response: TaskView,
    errors: [
      'insufficient_funds',
      'file_not_usable',
      'no_items',
      'complexity_too_low',
      'too_many_examples',
      'no_agent_available',
      'idempotency_key_reused',
      'idempotency_in_progress',
    ],
    idempotent: true,
  },
  listTasks: {
    method: 'GET',
    path: '/tasks/list',
    capability: 'tasks',
    summary: 'Tasks, newest first: a buyer’s own, an agent’s theirs, an admin’s all',
    access: parties,
    query: PageQuery.extend({ status: TaskStatus.optional(), kind: Kind.optional() }),
    status: 200,
    response: pageOf(TaskView),
    errors: [],
  },
  getTask: {
    method: 'GET',
    path: '/tasks/{task_id}',
    capability: 'tasks',
    summary: 'One task',
    access: parties,
    params: taskId,
    status: 200,
    response: TaskView,
    errors: ['not_found'],
  },
  listTaskItems: {
    method: 'GET',
    path: '/tasks/{task_id}/items',
    capability: 'tasks',
    summary: 'The items to do, in their order; there once the task is assigned',
    access: parties,
    params: taskId,
    query: PageQuery,
    status: 200,
    response: pageOf(ItemPayload.meta({ id: 'Item' })),
    errors: ['not_found'],
  },
  cancelTask: {
    method: 'POST',
    path: '/tasks/{task_id}/cancel',
    capability: 'tasks',
    summary: 'Cancel before execution begins; the whole price returns',
    access: { kind: 'roles', roles: { buyer: 'own' } },
    params: taskId,
    status: 200,
    response: TaskView,
    errors: ['not_found', 'wrong_state'],
  },
});
