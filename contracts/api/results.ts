import * as z from 'zod';
import { AgentId, Id } from '../entities/common.ts';
import { Correction, Feedback, ResultFields, ResultItem, Verdict } from '../entities/result.ts';
import { LIMITS } from '../limits.ts';
import { Text } from '../text.ts';
import { buyers, idempotencyErrors, operations, parties } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';

export const ResultItemView = ResultItem.extend({
  prediction: ResultItem.shape.prediction
    .nullable()
    .describe('The answer; after the verdict the correction, or null if the item was refused without one.'),
  corrected: z.literal(true).optional().describe('The buyer gave this answer.'),
  refused: z
    .literal(true)
    .optional()
    .describe('The buyer refused the answer and its share of the price was refunded.'),
}).meta({
  id: 'ResultItem',
  description:
    'The answer to one item. Confidence and explanation are always present for Duke MM and optional for other agents.',
});

const FeedbackSummary = Feedback.pick({
  rating: true,
  comment: true,
  correction_count: true,
  refused_count: true,
}).meta({ id: 'FeedbackSummary', description: "The buyer's feedback on a result." });

/** Fields of a result in the API. A new field of the entity is hidden until it is listed here. */
export const ResultView = ResultFields.pick({ id: true, task_id: true, agent_name: true })
  .extend({
    agent_id: AgentId.describe(
      'The id of the agent that did the work. Identify the agent by this id; the name is for display.',
    ),
    ...ResultFields.pick({ model_version: true, result_text: true }).shape,
    items: z
      .array(ResultItemView)
      .describe('The first 100 items; `/results/{result_id}/items` returns all in pages.'),
    ...ResultFields.pick({
      item_count: true,
      success: true,
      verdict: true,
      confidence_score: true,
      execution_time_ms: true,
      metadata: true,
    }).shape,
    output_url: z.url().nullable().meta({
      description:
        'URL to download the input table with the target filled in, in its original format (CSV, JSON or JSON lines), or a CSV of the answers if the input is not a single table. Valid for 15 minutes. After the verdict the file contains the corrections, and refused answers are blank again.',
      example: 'https://files.example.com/results/019ab5e0.csv?X-Amz-Signature=5d41402a',
    }),
    feedback: FeedbackSummary.optional(),
    ...ResultFields.pick({ judged_at: true }).partial().shape,
    created_at: ResultFields.shape.created_at,
  })
  .meta({ id: 'Result', description: 'A result with its first items.' });
export type ResultView = z.infer<typeof ResultView>;

/** A result in lists, without its items, which have a route of their own. */
export const ResultSummary = ResultView.omit({ items: true, output_url: true }).meta({
  id: 'ResultSummary',
  description: 'A result without its items.',
});
const ResultSummaryPage = pageOf('ResultSummaryPage', ResultSummary);

export const FeedbackBody = z
  .strictObject({
    verdict: z
      .enum(['accept', 'reject'])
      .describe(
        '`accept` pays the price to the agent. `reject` lists the wrong items; their share of the price is refunded.',
      ),
    rating: Feedback.shape.rating,
    comment: Text({ max: LIMITS.comment.value, trim: true })
      .optional()
      .meta({ description: 'A comment for the agent.', example: 'Good work.' }),
    corrections: z
      .array(
        Correction.refine(
          (c) => c.expected !== undefined || c.reason !== undefined,
          'give the answer or a reason',
        ).meta({
          id: 'Correction',
          description: 'A wrong item with its correct answer, or with the reason why it is refused.',
        }),
      )
      .max(LIMITS.items.value)
      .refine((list) => new Set(list.map((c) => c.item_id)).size === list.length, 'each item once')
      .default([])
      .describe('The wrong items; at least one is required to reject.'),
  })
  .refine((b) => b.verdict === 'accept' || b.corrections.length > 0, {
    path: ['corrections'],
    message: 'to reject, name at least one item with the right answer or a reason',
  })
  .meta({
    id: 'Feedback',
    description: "The buyer's verdict. It is final.",
    example: { verdict: 'reject', rating: 4, corrections: [{ item_id: 'mail-17', expected: 'ham' }] },
  });
export type FeedbackBody = z.infer<typeof FeedbackBody>;

const resultId = z.strictObject({ result_id: Id.describe('The id of the result.') });

export const resultOperations = operations({
  listTaskResults: {
    method: 'GET',
    path: '/tasks/{task_id}/results',
    capability: 'tasks',
    summary: 'The results of a task, normally one',
    description: 'Empty until the task is completed.',
    access: parties,
    params: z.strictObject({ task_id: Id.describe('The id of the task.') }),
    query: PageQuery,
    status: 200,
    answer: 'One page of results.',
    response: ResultSummaryPage,
    errors: ['not_found'],
  },
  listResults: {
    method: 'GET',
    path: '/results/list',
    capability: 'tasks',
    summary: 'Results, newest first',
    description:
      'Buyers see the results of their own tasks, agents their own results, administrators all results.',
    access: parties,
    query: PageQuery.extend({ verdict: Verdict.optional().describe('Only results with this verdict.') }),
    status: 200,
    answer: 'One page of results.',
    response: ResultSummaryPage,
    errors: [],
  },
  getResult: {
    method: 'GET',
    path: '/results/{result_id}',
    capability: 'tasks',
    summary: 'One result with its first 100 items',
    description: 'Includes the URL of the output file. Visible to the buyer, the agent and administrators.',
    access: parties,
    params: resultId,
    status: 200,
    answer: 'The result.',
    response: ResultView,
    errors: ['not_found'],
  },
  listResultItems: {
    method: 'GET',
    path: '/results/{result_id}/items',
    capability: 'tasks',
    summary: 'The answers of a result',
    description: 'All answers in pages, in the order of the items of the task.',
    access: parties,
    params: resultId,
    query: PageQuery,
    status: 200,
    answer: 'One page of answers.',
    response: pageOf('ResultItemPage', ResultItemView),
    errors: ['not_found'],
  },
});

export const verdictOperations = operations({
  giveFeedback: {
    method: 'POST',
    path: '/results/{result_id}/feedback',
    capability: 'verdicts',
    summary: 'Judge a result',
    description:
      'Stores the verdict and settles the price: accepting pays it to the agent; rejecting refunds the share of the refused items and pays the rest. A result can be judged once (then 409 `already_judged`) and only until `review_until` (then 409 `review_closed`). Duke MM learns from the corrections.',
    access: buyers,
    params: resultId,
    body: FeedbackBody,
    status: 201,
    answer: 'The result with its verdict.',
    response: ResultSummary,
    errors: ['not_found', 'already_judged', 'review_closed', 'unknown_item', ...idempotencyErrors],
    idempotent: 'stored',
  },
});
