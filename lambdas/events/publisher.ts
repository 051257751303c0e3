import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE } from '../../contracts/events/index.ts';
import { backoff, retry, RetryableError } from '../shared/retry.ts';
import type { DukeEvent } from './events-of.ts';

/**
 * Puts events on the bus.
 * @returns the events that the bus rejects permanently
 * @throws Error if it rejects others temporarily
 */
export type Publish = (events: readonly DukeEvent[]) => Promise<DukeEvent[]>;

/** EventBridge's limit. */
const BATCH_SIZE = 10;
const RETRIES = { attempts: 5, waitMs: backoff(100) };
const TRANSIENT_CODES = new Set([
  'InternalFailure',
  'InternalException',
  'ThrottlingException',
  'ServiceUnavailable',
]);

export function eventBridgePublisher(busName: string, client = new EventBridgeClient()): Publish {
  /** Failed entries of a batch, with EventBridge's error codes. */
  const put = async (batch: readonly DukeEvent[]): Promise<{ event: DukeEvent; code: string }[]> => {
    const { Entries = [] } = await client.send(
      new PutEventsCommand({
        Entries: batch.map(({ type, detail }) => ({
          EventBusName: busName,
          Source: EVENT_SOURCE,
          DetailType: type,
          Detail: JSON.stringify(detail),
        })),
      }),
    );
    return batch.flatMap((event, i) => {
      const code = Entries[i]?.ErrorCode;
      return code === undefined ? [] : [{ event, code }];
    });
  };

  const putAll = async (batch: readonly DukeEvent[]): Promise<DukeEvent[]> => {
    const refused: DukeEvent[] = [];
    let pending = batch;
    await retry(async () => {
      const failed = await put(pending);
      refused.push(...failed.filter(({ code }) => !TRANSIENT_CODES.has(code)).map(({ event }) => event));
      pending = failed.filter(({ code }) => TRANSIENT_CODES.has(code)).map(({ event }) => event);
      if (pending.length > 0) {
        const codes = failed.map(({ code }) => code).join(', ');
        throw new RetryableError(`the bus did not take ${pending.length} events: ${codes}`);
      }
    }, RETRIES);
    return refused;
  };

  return async (events) => {
    const refused: DukeEvent[] = [];
    for (let at = 0; at < events.length; at += BATCH_SIZE) {
      refused.push(...(await putAll(events.slice(at, at + BATCH_SIZE))));
    }
    return refused;
  };
}
