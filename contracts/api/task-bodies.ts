import * as z from 'zod';
import { FieldName, Id, Kind, Probability, Satoshis } from '../entities/common.ts';
import { InlineExample, InlineItem, Label } from '../entities/inline-item.ts';
import { ClassWeight, LabelDescriptions } from '../entities/label-options.ts';
import { OutputColumns } from '../entities/task-fields.ts';
import { COMPLEXITY, LIMITS, MIN_LABELS, REVIEW_HOURS } from '../limits.ts';
import { OUTPUT_COLUMNS } from '../rules/output-columns.ts';
import { Name, Text } from '../text.ts';
import { comparable } from '../values/comparable.ts';

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

/** Fields that the requests for a quote and for a task share. */
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
  label_descriptions: LabelDescriptions.optional(),
  class_weight: ClassWeight.optional(),
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
  output_columns: OutputColumns.max(OUTPUT_COLUMNS.length)
    .refine((names) => new Set(names).size === names.length, 'each column once')
    .optional(),
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
