import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { messageFailed, parseMessages } from '../shared/workers/batch-worker.ts';
import { togetherOrAlone } from '../shared/workers/together-or-alone.ts';
import { countOutcomes } from './count-outcomes.ts';
import type { CountDependencies } from './count-outcomes.ts';
import { recallConfirmed } from './recall-confirmed.ts';
import type { RecallDependencies } from './recall-confirmed.ts';
import { recordOutcomes } from './record-outcomes.ts';
import type { Judgement, Recorded, RecordOutcomesDependencies } from './record-outcomes.ts';

type Dependencies = RecordOutcomesDependencies & CountDependencies & RecallDependencies;

/**
 * Outcomes are written task by task, one after another since a task may hold 150 MB. Then the whole batch is counted in one
 * write, and what was confirmed is kept for the next tasks. What fails at any of the three fails alone.
 */
export function recordBatch(
  schema: z.ZodType<{ readonly detail: Judgement }>,
  deps: Dependencies,
): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async (event) => {
    const { parsed, failed } = parseMessages(schema, event.Records);
    const done: (Recorded & { readonly record: SQSRecord })[] = [];
    for (const { record, message } of parsed) {
      try {
        const recorded = await recordOutcomes(deps, message.detail);
        if (recorded) done.push({ ...recorded, record });
      } catch (error) {
        failed.push(messageFailed(record, error as Error));
      }
    }
    const uncounted = await togetherOrAlone(done, (some) =>
      countOutcomes(
        deps,
        some.map(({ shard }) => shard),
      ),
    );
    const unrecalled = await togetherOrAlone(done, (some) =>
      recallConfirmed(
        deps,
        some.map(({ confirmed }) => confirmed),
      ),
    );
    const late = [...uncounted, ...unrecalled].map(({ item, error }) => messageFailed(item.record, error));
    const ids = new Set([...failed, ...late]);
    return { batchItemFailures: [...ids].map((itemIdentifier) => ({ itemIdentifier })) };
  };
}
