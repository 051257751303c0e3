import * as z from 'zod';
import { COMPLEXITY, LIMITS, REVIEW_HOURS } from '../limits.ts';
import { INDEX_SHARDS } from '../naming.ts';
import { OUTPUT_COLUMNS } from '../rules/output-columns.ts';
import { Name } from '../text.ts';
import {
  Answer,
  BasisPoints,
  FieldName,
  Fields,
  Id,
  Kind,
  ModelVersion,
  Satoshis,
  Sha256,
  StoredAgentId,
  Timestamp,
  named,
} from './common.ts';
import { NumberForm } from './column.ts';
import { Recalled } from './training.ts';

export const Label = Name({ max: LIMITS.label.value, trim: true }).meta({ example: 'spam' });

/** Media of an item by field name: id of an uploaded file. */
const ItemFiles = named(FieldName, Id, LIMITS.fields.value).meta({
  id: 'ItemFiles',
  description: 'Media of an item: field name to the id of an uploaded file.',
  example: { picture: '019ab5e0-6d1c-7c3a-9f54-2b7e1d0c8a11' },
});

export const InlineItem = z
  .strictObject({
    id: Name({ max: LIMITS.itemId.value }).optional().meta({
      description:
        'Your name for the item, unique in the task. Without one it gets `item:1`, `item:2` and so on.',
      example: 'mail-17',
    }),
    fields: Fields.optional(),
    files: ItemFiles.optional(),
  })
  .meta({
    id: 'InlineItem',
    description: 'One item to answer.',
    example: { id: 'mail-17', fields: { subject: 'You have won' } },
  });
export const InlineExample = z
  .strictObject({
    fields: Fields.optional(),
    files: ItemFiles.optional(),
    expected: Answer.meta({ description: 'The right answer.', example: 'spam' }),
  })
  .meta({
    id: 'InlineExample',
    description: 'An item whose right answer is known.',
    example: { fields: { subject: 'Cheap watches' }, expected: 'spam' },
  });
export type InlineItem = z.infer<typeof InlineItem>;
export type InlineExample = z.infer<typeof InlineExample>;

/** Columns beside the answers in the output. */
export const OutputColumns = z
  .array(z.enum(OUTPUT_COLUMNS))
  .max(OUTPUT_COLUMNS.length)
  .meta({
    description:
      'Columns to put beside the answers in the output: how sure the agent is, and whether the buyer corrected the answer.',
    example: ['confidence'],
  });

export const TaskStatus = z
  .enum(['created', 'assigned', 'executing', 'completed', 'failed', 'cancelled'])
  .meta({
    id: 'TaskStatus',
    description:
      'How far a task is. `completed`: the result is there. `failed` and `cancelled`: the price went back.',
  });
export type TaskStatus = z.infer<typeof TaskStatus>;
export const Settlement = z.enum(['held', 'released', 'refunded', 'split']).meta({
  id: 'Settlement',
  description: 'Where the price is: in escrow, paid to the agent, returned to the buyer, or some of it each.',
});
export type Settlement = z.infer<typeof Settlement>;

const base = {
  id: Id,
  buyer_id: Id,
  description: z.string(),
  complexity: z.int().min(COMPLEXITY.min).max(COMPLEXITY.max),
  kind: Kind,
  /** Why it is of this kind, where the buyer did not say. */
  kind_reason: z.string().max(200).optional(),
  /** Of a regression whose examples tell: how its numbers are written; answers have as many decimals. */
  answer_form: NumberForm.optional(),
  /** Texts of the target that count as blank, where the buyer chose them. */
  missing: z.array(z.string().max(80)).max(20).optional(),
  labels: z.array(z.string()).optional(),
  target: z.string().optional(),
  family: z.string(),
  files: z.array(Id),
  item_count: z.int().positive(),
  example_count: z.int().nonnegative(),
  /** Name of the agent, for people. */
  assigned_agent: z.string(),
  assigned_agent_id: StoredAgentId,
  price_satoshis: Satoshis,
  reputation_bp: BasisPoints,
  allow_training: z.boolean(),
  output_columns: OutputColumns.optional(),
  review_window_hours: z.int().min(REVIEW_HOURS.min).max(REVIEW_HOURS.max),
  /** Hash of the canonical create body: the same key with another body is a client's mistake, also after a crash. */
  request_hash: z.string(),
  created_at: Timestamp,
  updated_at: Timestamp,
};
/** Until then the worker must deliver, else the task moves on or fails with the money back. */
const deadline = { deadline_at: Timestamp };
const held = { settlement: z.literal('held') };
/** How the work was cut: items per chunk; `chunks_left` falls by one exactly once per chunk. */
const cut = {
  model_version: ModelVersion.optional(),
  chunk_sizes: z.array(z.int().positive()).min(1),
  chunks_left: z.int().nonnegative(),
  /** Of the JSON lines of examples; absent where there are none. */
  examples_sha256: Sha256.optional(),
  /** What was confirmed before of the same question; absent where there is nothing, or no room beside the examples. */
  recalled: Recalled.optional(),
  assigned_at: Timestamp,
};

export const Task = z.discriminatedUnion('status', [
  z.strictObject({ ...base, ...deadline, ...held, status: z.literal('created') }),
  z.strictObject({ ...base, ...deadline, ...held, ...cut, status: z.literal('assigned') }),
  z.strictObject({
    ...base,
    ...deadline,
    ...held,
    ...cut,
    status: z.literal('executing'),
    started_at: Timestamp,
  }),
  z.strictObject({
    ...base,
    ...cut,
    status: z.literal('completed'),
    settlement: Settlement,
    result_id: Id,
    started_at: Timestamp,
    completed_at: Timestamp,
    review_until: Timestamp,
    settled_at: Timestamp.optional(),
  }),
  z.strictObject({
    ...base,
    ...z.object(cut).partial().shape,
    status: z.literal('failed'),
    settlement: z.literal('refunded'),
    failure_reason: z.string(),
    started_at: Timestamp.optional(),
    completed_at: Timestamp,
  }),
  z.strictObject({
    ...base,
    ...z.object(cut).partial().shape,
    status: z.literal('cancelled'),
    settlement: z.literal('refunded'),
    completed_at: Timestamp,
  }),
]);
export type Task = z.infer<typeof Task>;
export type TaskIn<S extends TaskStatus> = Extract<Task, { status: S }>;

/** What the buyer gave inline, kept whole beside the task until it is planned. */
export const TaskInputs = z.strictObject({
  items: z.array(InlineItem),
  examples: z.array(InlineExample),
});
export type TaskInputs = z.infer<typeof TaskInputs>;

/** Message on the sweep's queue: one shard of what is due. */
export const SweepMessage = z.strictObject({
  shard: z
    .int()
    .min(0)
    .max(INDEX_SHARDS - 1),
});
export type SweepMessage = z.infer<typeof SweepMessage>;

/** Message on the execution queue: one chunk of one task. */
export const ChunkMessage = z.strictObject({
  task_id: Id,
  chunk: z.int().positive(),
  /** How often it waited for capacity; such a wait is not a failed try. */
  waits: z.int().nonnegative().default(0),
});
export type ChunkMessage = z.infer<typeof ChunkMessage>;
