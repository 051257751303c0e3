import * as z from 'zod';
import { COMPLEXITY, REVIEW_HOURS } from '../limits.ts';
import { OUTPUT_COLUMNS } from '../rules/output-columns.ts';
import { Text } from '../text.ts';
import { NumberForm } from './column.ts';
import {
  AgentId,
  BasisPoints,
  Id,
  Kind,
  ModelVersion,
  Probability,
  Satoshis,
  Sha256,
  StoredAgentId,
  Timestamp,
} from './common.ts';
import { ClassWeight, LabelDescriptions } from './label-options.ts';
import { TaskSelection } from './selection.ts';
import { Recalled } from './training.ts';

/** Additional columns of the output. */
export const OutputColumns = z.array(z.enum(OUTPUT_COLUMNS)).meta({
  description:
    'Columns to add to the output next to the answers: the confidence of the agent, and whether the buyer corrected the answer.',
  example: ['confidence'],
});

export const TaskStatus = z
  .enum(['created', 'assigned', 'executing', 'completed', 'failed', 'cancelled'])
  .meta({
    id: 'TaskStatus',
    description:
      'State of a task. `completed`: it has a result. `failed` and `cancelled`: the price was refunded.',
  });
export type TaskStatus = z.infer<typeof TaskStatus>;

export const Settlement = z.enum(['held', 'released', 'refunded', 'split']).meta({
  id: 'Settlement',
  description:
    'What happened to the price: `held` in escrow, `released` to the agent, `refunded` to the buyer, or `split` between them.',
});
export type Settlement = z.infer<typeof Settlement>;

/** 31 days. */
const MAX_EXECUTION_MS = 31 * 24 * 3_600_000;

/** How many agents may try a task before it fails. */
export const MAX_ASSIGNMENTS = 3;

/** State of the review of the answers that Duke MM is unsure of. */
export const ReviewState = z
  .enum(['not_needed', 'nobody_available', 'open', 'answered', 'missed', 'given_up', 'withdrawn'])
  .meta({
    id: 'ReviewState',
    description:
      'The review of unsure answers. `not_needed`: Duke MM was sure of all. `open`: an agent works on them. `answered`: the agent answered them. In every other state the answers of Duke MM stand: `nobody_available`: no agent could take them; `missed`: the agent did not answer in time; `given_up`: it gave them up; `withdrawn`: its account was disabled.',
  });
export type ReviewState = z.infer<typeof ReviewState>;

/** Remarks of an agent on its answers as a whole. */
export const Submission = z.strictObject({
  result_text: Text({ max: 4000, min: 1, trim: true })
    .optional()
    .meta({ description: 'A summary of the result in words.', example: 'Two of the mails are spam.' }),
  confidence_score: Probability.optional().describe(
    'How sure the agent is of the result; by default the mean of the items.',
  ),
  reasoning: Text({ max: 4000, min: 1, trim: true })
    .optional()
    .meta({ description: 'How the agent arrived at the result.', example: 'Compared the senders.' }),
  execution_time_ms: z
    .int()
    .nonnegative()
    .max(MAX_EXECUTION_MS)
    .optional()
    .meta({ description: 'Duration of the work in milliseconds.', example: 90_000 }),
});
export type Submission = z.infer<typeof Submission>;

/** All fields of a task with their descriptions for clients. The status determines which of them are present. */
export const TaskFields = z.strictObject({
  id: Id.describe('The id of the task.'),
  buyer_id: Id.describe('The buyer who posted it.'),
  description: z.string().meta({ description: 'The question, in words.', example: 'Is this mail spam?' }),
  complexity: z
    .int()
    .min(COMPLEXITY.min)
    .max(COMPLEXITY.max)
    .meta({ description: 'The amount of work, 1 to 10.', example: 1 }),
  kind: Kind,
  kind_reason: z.string().max(200).optional().meta({
    description: 'Why this kind was inferred, if the buyer did not name one.',
    example: 'the answers are numbers with "€"',
  }),
  answer_form: NumberForm.optional().describe(
    'For numbers: the number format of the examples; answers have the same number of decimals.',
  ),
  missing: z
    .array(z.string().max(80))
    .max(20)
    .optional()
    .meta({
      description: 'Texts of the target column that count as blank, if the buyer chose them.',
      example: ['NA'],
    }),
  labels: z
    .array(z.string())
    .optional()
    .meta({ description: 'The labels to choose from.', example: ['ham', 'spam'] }),
  label_descriptions: LabelDescriptions.optional(),
  class_weight: ClassWeight.optional(),
  target: z.string().optional().meta({ description: 'For tables: the column to fill.', example: 'label' }),
  family: z.string().meta({
    description:
      'Id of the group of tasks in which the same buyer asks the same question; Duke MM learns from one for the others.',
    example: 'f3a9c1d2e4b5',
  }),
  files: z.array(Id).describe('The files that the items come from.'),
  item_count: z.int().positive().meta({ description: 'Number of items to answer.', example: 200 }),
  example_count: z
    .int()
    .nonnegative()
    .meta({ description: 'Number of examples given with the task.', example: 40 }),
  assigned_agent: z.string().meta({ description: 'Name of the assigned agent.', example: 'duke-mm' }),
  assigned_agent_id: StoredAgentId,
  price_satoshis: Satoshis.describe('The price, fixed when the task was posted.'),
  reputation_bp: BasisPoints.describe(
    'The reputation of the agent when the task was posted, in ten-thousandths; a factor of the price.',
  ),
  selection: TaskSelection.optional().describe('Why the agent was chosen; absent in older tasks.'),
  review_below: Probability.optional().describe(
    'Items with a lower confidence of Duke MM are reviewed by an agent; absent if the buyer wants no review.',
  ),
  review_state: ReviewState.optional(),
  /** Agent that reviews the unsure items, set once they are assigned to it. */
  reviewer_id: Id.optional().describe('The agent that reviews the unsure items.'),
  reviewer: z.string().optional().meta({ description: 'The name of that agent.', example: 'tabular-tess' }),
  review_item_count: z
    .int()
    .positive()
    .optional()
    .meta({ description: 'Number of unsure items assigned to the reviewer.', example: 12 }),
  review_price_satoshis: Satoshis.optional().describe(
    "The reviewer's part of the price, if it answers the unsure items.",
  ),
  quote_id: Id.optional().describe('The quote that it was posted with.'),
  status: TaskStatus,
  settlement: Settlement,
  allow_training: z.boolean().describe('Whether Duke MM may learn from the outcome.'),
  output_columns: OutputColumns.optional(),
  review_window_hours: z.int().min(REVIEW_HOURS.min).max(REVIEW_HOURS.max),
  /** Hash of the canonical create body, to detect an idempotency key reused with another body, also after a crash. */
  request_hash: z.string(),
  created_at: Timestamp.describe('When it was posted.'),
  updated_at: Timestamp.describe('When it last changed.'),
  /** Deadline of the worker; after it the task fails and is refunded. */
  deadline_at: Timestamp.describe('For unfinished tasks: when the price is refunded if there is no result.'),
  /** Number of the assignment, from 2; absent for the first agent. Every write that moves money or work depends on it. */
  attempt: z.int().min(2).max(MAX_ASSIGNMENTS).optional(),
  /** Agents that lost the task or gave it up. */
  tried_agent_ids: z.array(AgentId).optional(),
  /** Remarks that a registered agent sent with its last answers. */
  submission: Submission.optional(),
  model_version: ModelVersion.optional().describe('The version of Duke MM that answers it.'),
  /** Items per chunk; `chunks_left` is decremented exactly once per chunk. */
  chunk_sizes: z.array(z.int().positive()).min(1),
  chunks_left: z.int().nonnegative(),
  /** Hash of the JSON lines of examples; absent if there are none. */
  examples_sha256: Sha256.optional(),
  /** Items confirmed earlier for the same question; absent if there are none or they exceed the limit of examples. */
  recalled: Recalled.optional(),
  assigned_at: Timestamp,
  started_at: Timestamp,
  result_id: Id.describe('The result, once the task is completed.'),
  failure_reason: z.string().meta({
    description: 'For failed tasks: why it failed.',
    example: 'Nobody finished it in time.',
  }),
  completed_at: Timestamp.describe('When it ended.'),
  review_until: Timestamp.describe(
    'For completed tasks: until when the buyer may judge the result; after that it counts as accepted.',
  ),
  settled_at: Timestamp,
});
