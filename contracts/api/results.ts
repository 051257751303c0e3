import * as z from 'zod';
import { AgentId, Id, ModelVersion, Probability, Timestamp } from '../entities/common.ts';
import { Correction, ResultItem, Verdict } from '../entities/result.ts';
import { operations } from './operation.ts';
import { PageQuery, pageOf } from './page.ts';

export const ResultItemView = ResultItem.meta({ id: 'ResultItem' });

export const ResultView = z
  .strictObject({
    id: Id,
    task_id: Id,
    agent_name: z.string(),
    agent_id: AgentId,
    model_version: ModelVersion.optional(),
    result_text: z.string(),
    /** The first 100. */
    items: z.array(ResultItemView),
    item_count: z.int(),
    success: z.boolean(),
    verdict: Verdict,
    confidence_score: Probability.nullable(),
    execution_time_ms: z.int(),
    metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    /** The input with the target filled in, else CSV; 15 minutes. */
    output_url: z.url().nullable(),
    feedback: z
      .strictObject({
        rating: z.int().optional(),
        comment: z.string().optional(),
        correction_count: z.int(),
        refused_count: z.int(),
      })
      .optional(),
    judged_at: Timestamp.optional(),
    created_at: Timestamp,
  })
  .meta({ id: 'Result' });
export type ResultView = z.infer<typeof ResultView>;

/** In lists a result comes without its items: they are pages of their own. */
export const ResultSummary = ResultView.omit({ items: true, output_url: true }).meta({ id: 'ResultSummary' });

export const FeedbackBody = z
  .strictObject({
    verdict: z.enum(['accept', 'reject']),
    rating: z.int().min(1).max(5).optional(),
    comment: z.string().trim().max(4000).optional(),
    corrections: z
      .array(
        Correction.refine(
          (c) => c.expected !== undefined || c.reason !== undefined,
          'give the answer or a reason',
        ),
      )
      .max(2500)
      .refine((list) => new Set(list.map((c) => c.item_id)).size === list.length, 'each item once')
      .default([]),
  })
  .refine((b) => b.verdict === 'accept' || b.corrections.length > 0, {
    path: ['corrections'],
    message: 'to reject, name at least one item with the right answer or a reason',
  })
  .meta({ id: 'Feedback' });
export type FeedbackBody = z.infer<typeof FeedbackBody>;

const resultId = z.strictObject({ result_id: Id });
const parties = { kind: 'roles', roles: { buyer: 'own', agent: 'party', admin: 'any' } } as const;

export const resultOperations = operations({
  listTaskResults: {
    method: 'GET',
    path: '/tasks/{task_id}/results',
    capability: 'tasks',
    summary: 'The results of a task, normally one',
    access: parties,
    params: z.strictObject({ task_id: Id }),
    query: PageQuery,
    status: 200,
    response: pageOf(ResultSummary),
    errors: ['not_found'],
  },
  listResults: {
    method: 'GET',
    path: '/results/list',
    capability: 'tasks',
    summary: 'Results, newest first',
    access: parties,
    query: PageQuery.extend({ verdict: Verdict.optional() }),
    status: 200,
    response: pageOf(ResultSummary),
    errors: [],
  },
  getResult: {
    method: 'GET',
    path: '/results/{result_id}',
    capability: 'tasks',
    summary: 'One result with its first 100 items',
    access: parties,
    params: resultId,
    status: 200,
    response: ResultView,
    errors: ['not_found'],
  },
  listResultItems: {
    method: 'GET',
    path: '/results/{result_id}/items',
    capability: 'tasks',
    summary: 'The answered items, in the order of the task',
    access: parties,
    params: resultId,
    query: PageQuery,
    status: 200,
    response: pageOf(ResultItemView),
    errors: ['not_found'],
  },
  giveFeedback: {
    method: 'POST',
    path: '/results/{result_id}/feedback',
    capability: 'tasks',
    summary: 'Accept, or reject with corrections; settles the money',
    access: { kind: 'roles', roles: { buyer: 'own' } },
    params: resultId,
    body: FeedbackBody,
    status: 201,
    response: ResultSummary,
    errors: [
      'not_found',
      'already_judged',
      'review_closed',
      'unknown_item',
      'idempotency_key_reused',
      'idempotency_in_progress',
    ],
    idempotent: true,
  },
});
