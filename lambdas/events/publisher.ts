import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE } from '../../contracts/events/index.ts';
import type { DukeEvent } from './events-of.ts';

/**
 * Puts events on the bus and answers with those that the bus will never take.
 * @throws Error where it does not take them now: ask again later
 */
export type Publish = (events: readonly DukeEvent[]) => Promise<DukeEvent[]>;

/** EventBridge's own limit. */
const BATCH = 10;
const TRIES = 5;
const WAIT_MS = 50;
const PASSING = new Set([
  'InternalFailure',
  'InternalException',
  'ThrottlingException',
  'ServiceUnavailable',
]);

export function eventBridgePublisher(busName: string, client = new EventBridgeClient()): Publish {
  /** Failed entries of one batch by the bus's own error code. */
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
    let left = batch;
    for (let attempt = 1; left.length > 0; attempt++) {
      const failed = await put(left);
      refused.push(...failed.filter(({ code }) => !PASSING.has(code)).map(({ event }) => event));
      left = failed.filter(({ code }) => PASSING.has(code)).map(({ event }) => event);
      if (left.length > 0 && attempt === TRIES) {
        throw new Error(
          `the bus did not take ${left.length} events: ${failed.map((f) => f.code).join(', ')}`,
        );
      }
      if (left.length > 0) await sleep(Math.random() * WAIT_MS * 2 ** attempt);
    }
    return refused;
  };

  return async (events) => {
    const refused: DukeEvent[] = [];
    for (let at = 0; at < events.length; at += BATCH) {
      refused.push(...(await putAll(events.slice(at, at + BATCH))));
    }
    return refused;
  };
}
