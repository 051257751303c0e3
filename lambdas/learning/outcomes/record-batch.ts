import type * as z from 'zod';
import type { EventDetail } from '../../../contracts/events/index.ts';
import { queueConsumer } from '../../shared/workers/queue-consumer.ts';
import type { Message } from '../../shared/workers/queue-consumer.ts';
import { togetherOrAlone } from '../../shared/workers/together-or-alone.ts';
import { countOutcomes } from './count-outcomes.ts';
import type { CountDependencies } from './count-outcomes.ts';
import { recallConfirmed } from './recall-confirmed.ts';
import type { RecallDependencies } from './recall-confirmed.ts';
import { recordOutcomes } from './record-outcomes.ts';
import type { Judgement, Recorded, RecordOutcomesDependencies } from './record-outcomes.ts';
import { withdrawOutcomes } from './withdraw-outcomes.ts';

type Dependencies = RecordOutcomesDependencies & CountDependencies & RecallDependencies;

type OutcomeEvent =
  | { readonly 'detail-type': 'result.judged'; readonly detail: Judgement }
  | {
      readonly 'detail-type': 'task.training_withdrawn';
      readonly detail: EventDetail<'task.training_withdrawn'>;
    };

/**
 * Consumes verdicts and withdrawals from training. Outcomes are written one task after another, since a task may hold 150 MB; then the whole batch is
 * counted in one write, and confirmed items are kept for later tasks. A message that fails at one of the three steps fails
 * by itself.
 */
export const recordBatch = <S extends z.ZodType<OutcomeEvent>>(schema: S, deps: Dependencies) =>
  queueConsumer(schema, async (messages, fail) => {
    const recorded: (Recorded & { readonly message: Message<z.output<S>> })[] = [];
    for (const message of messages) {
      try {
        const event: OutcomeEvent = message.body;
        const outcomes =
          event['detail-type'] === 'result.judged'
            ? await recordOutcomes(deps, event.detail)
            : await withdrawOutcomes(deps, event.detail.task_id);
        if (outcomes) recorded.push({ ...outcomes, message });
      } catch (error) {
        await fail(message, error);
      }
    }
    const uncounted = await togetherOrAlone(recorded, (some) =>
      countOutcomes(
        deps,
        some.map(({ shard }) => shard),
      ),
    );
    const unrecalled = await togetherOrAlone(recorded, (some) =>
      recallConfirmed(
        deps,
        some.map(({ confirmed }) => confirmed),
      ),
    );
    for (const { item, error } of [...uncounted, ...unrecalled]) await fail(item.message, error);
  });
