import * as z from 'zod';
import { AgentId, FieldName, Id, Kind, Satoshis } from '../entities/common.ts';
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

/** Every place of a request that names a file, in order: attached files, then media of items and of examples. */
export function* fileIdsOf(body: NamesFiles): Generator<{ id: string; path: (string | number)[] }> {
  for (const [i, id] of body.files.entries()) yield { id, path: ['files', i] };
  for (const list of ['items', 'examples'] as const) {
    for (const [i, { files = {} }] of body[list].entries()) {
      for (const [name, id] of Object.entries(files)) yield { id, path: [list, i, 'files', name] };
    }
  }
}

/** Files are counted over all places of a request together. */
function boundFiles(body: NamesFiles, context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const { id, path } of fileIdsOf(body)) {
    if (seen.add(id).size <= LIMITS.filesOfTask.value) continue;
    const message = `at most ${LIMITS.filesOfTask.value} files in all places of a request together`;
    context.addIssue({ code: 'custom', path, message });
    return;
  }
}

export const CreateTaskBody = z
  .strictObject({
    description: Text({ max: LIMITS.description.value, min: 1, trim: true }).meta({
      description: 'The question to answer for each item, in words.',
      example: 'Is this mail spam?',
    }),
    complexity: z.int().min(COMPLEXITY.min).max(COMPLEXITY.max).meta({
      description:
        'How much work it is: sets the price and how many items the task may have (250 times the complexity).',
      example: 1,
    }),
    kind: Kind.optional().describe('What the answers are. Without it the examples, or the labels, decide.'),
    labels: z
      .array(Label)
      .min(MIN_LABELS)
      .max(LIMITS.labels.value)
      .refine((labels) => new Set(labels.map(comparable)).size === labels.length, 'each label once')
      .optional()
      .meta({
        description: 'The labels to choose from. Without them those of the examples.',
        example: ['ham', 'spam'],
      }),
    target: FieldName.optional().meta({
      description:
        'Of tables: the column to fill. Rows that have a value in it are examples, the others are the work.',
      example: 'label',
    }),
    missing: z
      .array(Text({ max: 80, min: 1 }))
      .max(20)
      .optional()
      .meta({
        description:
          'The texts of the target that count as blank, of those the inspection lists as `look_missing`; `[]` for none. Without it those that it lists as `missing`.',
        example: ['NA', '-'],
      }),
    files: z
      .array(Id)
      .max(LIMITS.filesOfTask.value)
      .refine((ids) => new Set(ids).size === ids.length, 'each file once')
      .default([])
      .meta({
        description: 'Ids of ready files of the caller that hold the items.',
        example: ['019ab5e0-6d1c-7c3a-9f54-2b7e1d0c8a11'],
      }),
    items: z
      .array(InlineItem)
      .max(LIMITS.items.value)
      .default([])
      .describe('Items to answer, given in the request itself.'),
    examples: z
      .array(InlineExample)
      .max(LIMITS.examples.value)
      .default([])
      .describe('Items whose right answer is known: they show what is meant.'),
    allow_training: z
      .boolean()
      .default(true)
      .describe('Whether Duke MM may learn from the outcome of this task.'),
    output_columns: OutputColumns.refine(
      (names) => new Set(names).size === names.length,
      'each column once',
    ).optional(),
    preferred_agent: Name({ max: 40 })
      .optional()
      .meta({ description: 'The name of the agent that is to do it, if it can.', example: 'duke-mm' }),
    max_price_satoshis: Satoshis.optional().describe(
      'Refuse the task (`no_agent_available`) if it would cost more.',
    ),
    review_window_hours: z
      .int()
      .min(REVIEW_HOURS.min)
      .max(REVIEW_HOURS.max)
      .default(REVIEW_HOURS.default)
      .describe('Hours that the buyer has for a verdict once the result is there.'),
  })
  .superRefine(boundFiles)
  .meta({
    id: 'CreateTask',
    description: 'A task: the question, and the items as rows here, in files, or both.',
    example: {
      description: 'Is this mail spam?',
      complexity: 1,
      labels: ['ham', 'spam'],
      items: [
        { id: 'mail-17', fields: { subject: 'You have won' } },
        { id: 'mail-18', fields: { subject: 'Minutes of Monday' } },
      ],
      examples: [{ fields: { subject: 'Cheap watches' }, expected: 'spam' }],
    },
  });
export type CreateTaskBody = z.infer<typeof CreateTaskBody>;

/** Chunks, not items, since work is handed out in chunks. */
const TaskProgress = z
  .strictObject({
    chunks_done: z.int().meta({ description: 'Chunks that are answered.', example: 3 }),
    chunk_count: z.int().meta({ description: 'Chunks that the items were cut into.', example: 4 }),
  })
  .meta({ id: 'TaskProgress', description: 'How much of a task is answered.' });

/** Fields of a task that its parties see. A new field of the task is seen once it is named here. */
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
  .extend({
    recalled_count: z.int().optional().meta({
      description:
        'Items that the buyer confirmed in earlier tasks of the same question, given to Duke MM beside the examples.',
      example: 120,
    }),
    progress: TaskProgress.nullable().describe('How much is answered; null until the work is planned.'),
    assigned_agent: TaskFields.shape.assigned_agent,
    assigned_agent_id: AgentId.describe('The id of who does it: it decides, the name is for people.'),
    ...TaskFields.pick({
      price_satoshis: true,
      reputation_bp: true,
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
  .meta({ id: 'Task', description: 'A task as its buyer, its agent and administrators see it.' });
export type TaskView = z.infer<typeof TaskView>;

const taskId = z.strictObject({ task_id: Id.describe('The id of the task.') });

export const taskOperations = operations({
  createTask: {
    method: 'POST',
    path: '/tasks/create',
    capability: 'tasks',
    summary: 'Post a task',
    description:
      'Chooses the agent, fixes the price and holds it in escrow, then starts the work. Refused with 402 `insufficient_funds` where the balance does not cover the price: nothing is held then.',
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
      ...idempotencyErrors,
    ],
    idempotent: 'stored',
  },
  listTasks: {
    method: 'GET',
    path: '/tasks/list',
    capability: 'tasks',
    summary: 'Tasks, newest first',
    description: 'A buyer sees their own, an agent those assigned to it, an administrator all.',
    access: parties,
    query: PageQuery.extend({
      status: TaskStatus.optional().describe('Only tasks in this state.'),
      kind: Kind.optional().describe('Only tasks of this kind.'),
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
    description: 'For its buyer, its agent and administrators.',
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
    description:
      'The items to answer, as the agent sees them, in their order. Empty until the task is assigned.',
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
    description: 'Only before execution begins: then the whole price returns. Later it is 409 `wrong_state`.',
    access: buyers,
    params: taskId,
    status: 200,
    answer: 'The cancelled task.',
    response: TaskView,
    errors: ['not_found', 'wrong_state'],
  },
});
