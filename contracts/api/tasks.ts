import * as z from 'zod';
import { AgentId, Id, Kind } from '../entities/common.ts';
import { TaskFields, TaskStatus } from '../entities/task-fields.ts';
import { ItemPayload } from '../serving/invocation.ts';
import { buyers, idempotencyErrors, operations, parties } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';
import { CreateTaskBody } from './task-bodies.ts';

/** Counts chunks, not items, because work is assigned in chunks. */
const TaskProgress = z
  .strictObject({
    chunks_done: z.int().meta({ description: 'Number of chunks answered so far.', example: 3 }),
    chunk_count: z
      .int()
      .meta({ description: 'Number of chunks that the items were split into.', example: 4 }),
  })
  .meta({ id: 'TaskProgress', description: 'The progress of a task.' });

/** Fields of a task in the API. A new field of the entity is hidden until it is listed here. */
export const TaskView = TaskFields.pick({
  id: true,
  buyer_id: true,
  description: true,
  complexity: true,
  kind: true,
  kind_reason: true,
  answer_form: true,
  missing: true,
  labels: true,
  label_descriptions: true,
  class_weight: true,
  target: true,
  family: true,
  files: true,
  item_count: true,
  example_count: true,
})
  .partial({ buyer_id: true, family: true })
  .extend({
    recalled_count: z.int().optional().meta({
      description:
        'Number of items that the buyer confirmed in earlier tasks with the same question; Duke MM uses them in addition to the examples.',
      example: 120,
    }),
    progress: TaskProgress.nullable().describe('The progress; null until the task is split into chunks.'),
    assigned_agent: TaskFields.shape.assigned_agent,
    assigned_agent_id: AgentId.describe(
      'The id of the assigned agent. Identify the agent by this id; the name is for display.',
    ),
    ...TaskFields.pick({
      price_satoshis: true,
      reputation_bp: true,
      selection: true,
      quote_id: true,
      review_below: true,
      review_state: true,
      reviewer_id: true,
      reviewer: true,
      review_item_count: true,
      review_price_satoshis: true,
      status: true,
      settlement: true,
      failure_reason: true,
      result_id: true,
      model_version: true,
      allow_training: true,
      output_columns: true,
      created_at: true,
      updated_at: true,
      completed_at: true,
      deadline_at: true,
      review_until: true,
    }).partial({
      failure_reason: true,
      result_id: true,
      completed_at: true,
      deadline_at: true,
      review_until: true,
    }).shape,
  })
  .meta({ id: 'Task', description: 'A task. Agents do not see `buyer_id`, `family` and `selection`.' });
export type TaskView = z.infer<typeof TaskView>;

/** Why a quote cannot be used. */
const QUOTE_ERRORS = ['quote_unknown', 'quote_mismatch', 'quote_expired', 'quote_used'] as const;

const TaskChange = z
  .strictObject({
    allow_training: z
      .literal(false)
      .describe('Withdraws the task from training. This is final, so `true` is refused.'),
  })
  .meta({ id: 'TaskChange', description: 'What may change about a task that has ended.' });

const taskId = z.strictObject({ task_id: Id.describe('The id of the task.') });

export const taskOperations = operations({
  createTask: {
    method: 'POST',
    path: '/tasks/create',
    capability: 'tasks',
    summary: 'Post a task',
    description:
      'Selects the agent, fixes the price, holds it in escrow and starts the work. Answers 402 `insufficient_funds` if the balance does not cover the price; nothing is held then. With `Prefer: wait=25` the answer comes when Duke MM has finished the task, or after 25 seconds with the task as it is then.',
    access: buyers,
    body: CreateTaskBody,
    status: 201,
    answer: 'The task is posted and its price is held.',
    location: '/tasks/{id}',
    response: TaskView,
    errors: [
      'insufficient_funds',
      'file_not_usable',
      'no_items',
      'complexity_too_low',
      'too_many_examples',
      'no_agent_available',
      ...QUOTE_ERRORS,
      ...idempotencyErrors,
    ],
    idempotent: 'stored',
    waits: true,
  },
  listTasks: {
    method: 'GET',
    path: '/tasks/list',
    capability: 'tasks',
    summary: 'Tasks, newest first',
    description: 'Buyers see their own tasks, agents the tasks assigned to them, administrators all tasks.',
    access: parties,
    query: PageQuery.extend({
      status: TaskStatus.optional().describe('Only tasks in this state.'),
      kind: Kind.optional().describe('Only tasks of this kind.'),
      role: z.enum(['buyer', 'agent']).optional().meta({
        description: 'Only tasks that you posted (`buyer`), or that you were given to work on (`agent`).',
        example: 'buyer',
      }),
    }),
    status: 200,
    answer: 'One page of tasks.',
    response: pageOf('TaskPage', TaskView),
    errors: [],
  },
  getTask: {
    method: 'GET',
    path: '/tasks/{task_id}',
    capability: 'tasks',
    summary: 'One task',
    description: 'Visible to its buyer, its agent and administrators.',
    access: parties,
    params: taskId,
    status: 200,
    answer: 'The task.',
    response: TaskView,
    errors: ['not_found'],
  },
  listTaskItems: {
    method: 'GET',
    path: '/tasks/{task_id}/items',
    capability: 'tasks',
    summary: 'The items of a task',
    description: 'The items to answer, in order, as the agent sees them. Empty until the task is assigned.',
    access: parties,
    params: taskId,
    query: PageQuery,
    status: 200,
    answer: 'One page of items.',
    response: pageOf('ItemPage', ItemPayload),
    errors: ['not_found'],
  },
  changeTask: {
    method: 'PATCH',
    path: '/tasks/{task_id}',
    capability: 'tasks',
    summary: 'Withdraw a task from training',
    description:
      'Possible once the task has ended; before that the answer is 409 `wrong_state`. Its outcomes are deleted within minutes: they are in no later training data, in no later version, and in no answer to a later task. A version that learned from them stays in production until the next one is promoted. Repeating it changes nothing.',
    access: buyers,
    params: taskId,
    body: TaskChange,
    status: 200,
    answer: 'The task, withdrawn from training.',
    response: TaskView,
    errors: ['not_found', 'wrong_state'],
  },
  cancelTask: {
    method: 'POST',
    path: '/tasks/{task_id}/cancel',
    capability: 'tasks',
    summary: 'Cancel a task',
    description:
      'Possible until execution begins; the whole price is refunded. After that the answer is 409 `wrong_state`.',
    access: buyers,
    params: taskId,
    status: 200,
    answer: 'The cancelled task.',
    response: TaskView,
    errors: ['not_found', 'wrong_state'],
  },
});
