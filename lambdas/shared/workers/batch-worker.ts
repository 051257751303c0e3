import type * as z from 'zod';
import { queueConsumer } from './queue-consumer.ts';
import { togetherOrAlone } from './together-or-alone.ts';

/**
 * A consumer of one queue that handles all messages of a batch in one call, for work that is one write however many there
 * are. Where that fails, each is handled by itself, so that only those that cannot be handled fail.
 * @param handle must be safe to run again for messages that it has handled before
 */
export const batchWorker = <S extends z.ZodType>(
  schema: S,
  handle: (bodies: readonly z.output<S>[]) => Promise<void>,
) =>
  queueConsumer(schema, async (messages, fail) => {
    const failed = await togetherOrAlone(messages, (some) => handle(some.map(({ body }) => body)));
    for (const { item, error } of failed) await fail(item, error);
  });
