import type * as z from 'zod';
import { queueConsumer } from '../../shared/workers/queue-consumer.ts';
import type { Message } from '../../shared/workers/queue-consumer.ts';
import { togetherOrAlone } from '../../shared/workers/together-or-alone.ts';
import { countOutcomes } from './count-outcomes.ts';
import type { CountDependencies } from './count-outcomes.ts';
import { recallConfirmed } from './recall-confirmed.ts';
import type { RecallDependencies } from './recall-confirmed.ts';
import { recordOutcomes } from './record-outcomes.ts';
import type { Judgement, Recorded, RecordOutcomesDependencies } from './record-outcomes.ts';

type Dependencies = RecordOutcomesDependencies & CountDependencies & RecallDependencies;

/**
 * Consumes verdicts. Outcomes are written one task after another, since a task may hold 150 MB; then the whole batch is
 * counted in one write, and confirmed items are kept for later tasks. A message that fails at one of the three steps fails
 * by itself.
 */
export const recordBatch = <S extends z.ZodType<{ readonly detail: Judgement }>>(
  schema: S,
  deps: Dependencies,
) =>
  queueConsumer(schema, async (messages, fail) => {
    const recorded: (Recorded & { readonly message: Message<z.output<S>> })[] = [];
    for (const message of messages) {
      try {
        const outcomes = await recordOutcomes(deps, message.body.detail);
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
