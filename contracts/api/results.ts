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
    .describe('The answer; after the verdict the corrected one, and null where the item was refused.'),
  corrected: z.literal(true).optional().describe('The buyer gave this answer.'),
  refused: z.literal(true).optional().describe('The buyer refused the answer and got its price back.'),
}).meta({
  id: 'ResultItem',
  description: 'The answer to one item. Duke MM always gives confidence and explanation; other agents may.',
});

const FeedbackSummary = Feedback.pick({
  rating: true,
  comment: true,
  correction_count: true,
  refused_count: true,
}).meta({ id: 'FeedbackSummary', description: 'What the buyer said of a result.' });

/** Fields of a result that its parties see. A new field of the result is seen once it is named here. */
export const ResultView = ResultFields.pick({ id: true, task_id: true, agent_name: true })
  .extend({
    agent_id: AgentId.describe('The id of who did it: it decides, the name is for people.'),
    ...ResultFields.pick({ model_version: true, result_text: true }).shape,
    items: z
      .array(ResultItemView)
      .describe('The first 100 items; all are pages of `/results/{result_id}/items`.'),
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
        'Where to download the input with the target filled in, as the CSV, JSON or JSON lines that it was (without one input table: a CSV of the answers), for 15 minutes. After a verdict it holds the corrections, and a refused answer is blank again.',
      example: 'https://files.example.com/results/019ab5e0.csv?X-Amz-Signature=5d41402a',
    }),
    feedback: FeedbackSummary.optional(),
    ...ResultFields.pick({ judged_at: true }).partial().shape,
    created_at: ResultFields.shape.created_at,
  })
  .meta({ id: 'Result', description: 'A result with its first items.' });
export type ResultView = z.infer<typeof ResultView>;

/** In lists a result comes without its items: they are pages of their own. */
export const ResultSummary = ResultView.omit({ items: true, output_url: true }).meta({
  id: 'ResultSummary',
  description: 'A result without its items.',
});
const ResultSummaryPage = pageOf('ResultSummaryPage', ResultSummary);

export const FeedbackBody = z
  .strictObject({
    verdict: z
      .enum(['accept', 'reject'])
      .describe('`accept` pays the price. `reject` names what is wrong: its share of the price comes back.'),
    rating: Feedback.shape.rating,
    comment: Text({ max: LIMITS.comment.value, trim: true })
      .optional()
      .meta({ description: 'A word to the agent.', example: 'Good work.' }),
    corrections: z
      .array(
        Correction.refine(
          (c) => c.expected !== undefined || c.reason !== undefined,
          'give the answer or a reason',
        ).meta({
          id: 'Correction',
          description: 'An item that is wrong: its right answer, or why it is refused.',
        }),
      )
      .max(LIMITS.items.value)
      .refine((list) => new Set(list.map((c) => c.item_id)).size === list.length, 'each item once')
      .default([])
      .describe('The items that are wrong. To reject, at least one.'),
  })
  .refine((b) => b.verdict === 'accept' || b.corrections.length > 0, {
    path: ['corrections'],
    message: 'to reject, name at least one item with the right answer or a reason',
  })
  .meta({
    id: 'Feedback',
    description: 'The verdict of the buyer. It is final.',
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
    description: 'A buyer sees those of their own tasks, an agent their own, an administrator all.',
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
    description: 'With the address of the filled-in file. For the parties of the task.',
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
    description: 'All answers, page by page, in the order of the items of the task.',
    access: parties,
    params: resultId,
    query: PageQuery,
    status: 200,
    answer: 'One page of answers.',
    response: pageOf('ResultItemPage', ResultItemView),
    errors: ['not_found'],
  },
  giveFeedback: {
    method: 'POST',
    path: '/results/{result_id}/feedback',
    capability: 'tasks',
    summary: 'Judge a result',
    description:
      'Settles the money: accepting pays the price to the agent; rejecting returns the share of the refused items and pays the rest. Once only: 409 `already_judged`, and after `review_until` 409 `review_closed`. Corrections are what Duke MM learns from.',
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
