import * as z from 'zod';
import { AgentId, FieldName, Id, Kind, Probability, Satoshis } from '../entities/common.ts';
import { InlineExample, InlineItem, Label, OutputColumns, TaskFields, TaskStatus } from '../entities/task.ts';
import { COMPLEXITY, LIMITS, MIN_LABELS, REVIEW_HOURS } from '../limits.ts';
import { ItemPayload } from '../serving/invocation.ts';
import { Name, Text } from '../text.ts';
import { comparable } from '../values/comparable.ts';
import { buyers, idempotencyErrors, operations, parties } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';

interface NamesFiles {
  readonly files: readonly string[];
  readonly items: readonly { readonly files?: Readonly<Record<string, string>> | undefined }[];
  readonly examples: NamesFiles['items'];
}

/** Yields every file id in a request with its path: attached files, then media of items and of examples. */
export function* fileIdsOf(body: NamesFiles): Generator<{ id: string; path: (string | number)[] }> {
  for (const [i, id] of body.files.entries()) yield { id, path: ['files', i] };
  for (const list of ['items', 'examples'] as const) {
    for (const [i, { files = {} }] of body[list].entries()) {
      for (const [name, id] of Object.entries(files)) yield { id, path: [list, i, 'files', name] };
    }
  }
}

/** Limits the number of distinct files in the whole request. */
function boundFiles(body: NamesFiles, context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const { id, path } of fileIdsOf(body)) {
    if (seen.add(id).size <= LIMITS.filesOfTask.value) continue;
    const message = `at most ${LIMITS.filesOfTask.value} files in all places of a request together`;
    context.addIssue({ code: 'custom', path, message });
    return;
  }
}

/** What a quote and a task are asked with. */
const posting = {
  description: Text({ max: LIMITS.description.value, min: 1, trim: true }).meta({
    description: 'The question to answer for each item, in words.',
    example: 'Is this mail spam?',
  }),
  complexity: z.int().min(COMPLEXITY.min).max(COMPLEXITY.max).meta({
    description:
      'The amount of work. It determines the price and the maximum number of items (250 times the complexity).',
    example: 1,
  }),
  kind: Kind.optional().describe(
    'The kind of answer. If omitted, it is inferred from the examples or the labels.',
  ),
  labels: z
    .array(Label)
    .min(MIN_LABELS)
    .max(LIMITS.labels.value)
    .refine((labels) => new Set(labels.map(comparable)).size === labels.length, 'each label once')
    .optional()
    .meta({
      description: 'The labels to choose from. If omitted, the labels of the examples.',
      example: ['ham', 'spam'],
    }),
  target: FieldName.optional().meta({
    description:
      'For tables: the column to fill. Rows with a value in it are examples; the other rows are the items to answer.',
    example: 'label',
  }),
  missing: z
    .array(Text({ max: 80, min: 1 }))
    .max(20)
    .optional()
    .meta({
      description:
        'Texts of the target column that count as blank, chosen from those the inspection lists as `look_missing`; `[]` for none. If omitted, those listed as `missing`.',
      example: ['NA', '-'],
    }),
  files: z
    .array(Id)
    .max(LIMITS.filesOfTask.value)
    .refine((ids) => new Set(ids).size === ids.length, 'each file once')
    .default([])
    .meta({
      description: 'Ids of files with the items. They must belong to the caller and be `ready`.',
      example: ['019ab5e0-6d1c-7c3a-9f54-2b7e1d0c8a11'],
    }),
  items: z
    .array(InlineItem)
    .max(LIMITS.items.value)
    .default([])
    .describe('Items to answer, inline in the request.'),
  examples: z
    .array(InlineExample)
    .max(LIMITS.examples.value)
    .default([])
    .describe('Items with their correct answers, which show the agent what is expected.'),
  allow_training: z
    .boolean()
    .default(true)
    .describe('Whether Duke MM may learn from the outcome of this task.'),
  output_columns: OutputColumns.refine(
    (names) => new Set(names).size === names.length,
    'each column once',
  ).optional(),
  preferred_agent: Name({ max: 40 }).optional().meta({
    description:
      'Name of the agent to assign. The task is rejected (`no_agent_available`) if it cannot take it.',
    example: 'duke-mm',
  }),
  max_price_satoshis: Satoshis.optional().describe(
    'Maximum price. The task is rejected (`no_agent_available`) if it would cost more.',
  ),
  review_below: Probability.optional().meta({
    description:
      'Items that Duke MM is less sure of than this go to a registered agent, for their share of the same price. If no agent can take them, or the agent does not answer in time, the answers of Duke MM stand; `review_state` of the task says so. Each item of the result says who answered it.',
    example: 0.8,
  }),
  review_window_hours: z
    .int()
    .min(REVIEW_HOURS.min)
    .max(REVIEW_HOURS.max)
    .default(REVIEW_HOURS.default)
    .describe('Hours that the buyer has to judge the result after it is delivered.'),
};
const POSTING_EXAMPLE = {
  description: 'Is this mail spam?',
  complexity: 1,
  labels: ['ham', 'spam'],
  items: [
    { id: 'mail-17', fields: { subject: 'You have won' } },
    { id: 'mail-18', fields: { subject: 'Minutes of Monday' } },
  ],
  examples: [{ fields: { subject: 'Cheap watches' }, expected: 'spam' }],
};

export const QuoteBody = z.strictObject(posting).superRefine(boundFiles).meta({
  id: 'QuoteRequest',
  description: 'A task to ask a price and the odds for, as it would be posted.',
  example: POSTING_EXAMPLE,
});
export type QuoteBody = z.infer<typeof QuoteBody>;

export const CreateTaskBody = z
  .strictObject({
    ...posting,
    quote_id: Id.optional().describe(
      'A quote for this very task: its agent and its price are binding until it expires. Each quote is used once.',
    ),
  })
  .superRefine(boundFiles)
  .meta({
    id: 'CreateTask',
    description: 'A task to post: the question, and the items inline, in files, or both.',
    example: POSTING_EXAMPLE,
  });
export type CreateTaskBody = z.infer<typeof CreateTaskBody>;

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
