import type * as z from 'zod';
import { queueConsumer } from './queue-consumer.ts';
import type { RetryAfter } from './queue-consumer.ts';

export interface Received {
  /** 1 at the first delivery. */
  readonly receiveCount: number;
  /** Milliseconds until the function times out. */
  readonly timeLeft: () => number;
}

/**
 * A consumer of one queue that handles each message by itself, those of a batch at once. What throws fails.
 * @param retryAfter if given, failed messages come back after 2, 4, 8 … seconds
 */
export const queueWorker = <S extends z.ZodType>(
  schema: S,
  handle: (body: z.output<S>, received: Received) => Promise<void>,
  retryAfter?: RetryAfter,
) =>
  queueConsumer(
    schema,
    async (messages, fail, context) => {
      const timeLeft = () => context.getRemainingTimeInMillis();
      await Promise.all(
        messages.map(async (message) => {
          try {
            await handle(message.body, { receiveCount: message.receiveCount, timeLeft });
          } catch (error) {
            await fail(message, error);
          }
        }),
      );
    },
    retryAfter,
  );
