import type * as z from 'zod';
import type { ResultSummary } from '../../contracts/api/results.ts';
import type { Result } from '../../contracts/entities/result.ts';

/** The API view of a result, without its items. */
export function resultSummary(result: Result): z.input<typeof ResultSummary> {
  const feedback = 'feedback' in result ? result.feedback : undefined;
  return {
    id: result.id,
    task_id: result.task_id,
    agent_name: result.agent_name,
    agent_id: result.agent_id,
    ...(result.model_version !== undefined && { model_version: result.model_version }),
    result_text: result.result_text,
    item_count: result.item_count,
    success: result.success,
    verdict: result.verdict,
    confidence_score: result.confidence_score,
    execution_time_ms: result.execution_time_ms,
    metadata: result.metadata,
    ...(feedback && {
      feedback: {
        ...(feedback.rating !== undefined && { rating: feedback.rating }),
        ...(feedback.comment !== undefined && { comment: feedback.comment }),
        correction_count: feedback.correction_count,
        refused_count: feedback.refused_count,
      },
    }),
    ...('judged_at' in result && { judged_at: result.judged_at }),
    created_at: result.created_at,
  };
}
