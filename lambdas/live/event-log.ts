import { LiveEvent } from '../../contracts/entities/live.ts';
import type { LiveNews } from '../../contracts/entities/live.ts';
import { MAX_EVENT_ID } from '../../contracts/api/live.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { EVENT_PREFIX, keys } from '../../contracts/naming.ts';
import { DAY } from '../shared/clock.ts';
import { backoff, retry, RetryableError } from '../shared/retry.ts';
import { parseRecord, record, ttlSeconds } from '../shared/stores/records.ts';
import { succeeds } from '../shared/stores/table.ts';
import type { Table } from '../shared/stores/table.ts';

const RETENTION = LIMITS.eventDays.value * DAY;
/** Concurrent writers that number events of the same reader. */
const RETRIES = { attempts: 20, waitMs: backoff(20, 500) };

/** The event log of each reader, numbered from 1 without gaps. */
export interface EventLog {
  /**
   * Numbers and stores events. A number is written only while its predecessor is the newest, so that a reader who has
   * seen a number has seen, or can read, all lower ones.
   */
  append(userId: string, news: readonly LiveNews[], at: Date): Promise<LiveEvent[]>;
  /** Up to `limit` events with numbers above `after`, oldest first. */
  after(userId: string, after: number, limit: number): Promise<LiveEvent[]>;
  /** The number of the newest event; 0 if there never was one. */
  newest(userId: string): Promise<number>;
}

export function eventLog(table: Table): EventLog {
  const { pk: nobody } = keys.event('', 0);
  const partition = (userId: string): string => nobody + userId;

  async function newest(userId: string): Promise<number> {
    const [event] = await table.query({
      pk: partition(userId),
      prefix: EVENT_PREFIX,
      newestFirst: true,
      limit: 1,
      consistent: true,
    });
    if (event) return Number(event['id']);
    const stored = await table.get(keys.newestEvent(userId), { consistent: true });
    return stored ? Number(stored['last_id']) : 0;
  }

  const put = (userId: string, event: LiveEvent): Promise<boolean> => {
    const ttl = ttlSeconds(new Date(Date.parse(event.at) + RETENTION));
    return succeeds(
      table.write({
        put: { ...record('event', keys.event(userId, event.id), event), ttl },
        when: [{ attribute: 'pk', is: 'absent' }],
      }),
    );
  };

  /**
   * Outlives the events, so that numbering continues after all of them have expired. Repeated, it stores the same number, or none if
   * a higher one is stored by then.
   */
  async function rememberNewest(userId: string, id: number): Promise<void> {
    const when = [{ attribute: 'last_id', is: 'absent_or_at_most', value: id }] as const;
    const set = { entity: 'newest_event', last_id: id };
    await succeeds(table.writeRepeatable({ update: keys.newestEvent(userId), set, when }));
  }

  return {
    newest,
    async append(userId, news, at) {
      let last = await newest(userId);
      const events: LiveEvent[] = [];
      for (const { type, data } of news) {
        events.push(
          await retry(async (attempt) => {
            if (attempt > 1) last = await newest(userId);
            const event = { type, id: last + 1, at: at.toISOString(), data } as LiveEvent;
            if (!(await put(userId, event)))
              throw new RetryableError(
                `events of ${userId} were numbered by others ${attempt} times in a row`,
              );
            last = event.id;
            return event;
          }, RETRIES),
        );
      }
      if (events.length > 0) await rememberNewest(userId, last);
      return events;
    },
    async after(userId, after, limit) {
      if (after >= MAX_EVENT_ID) return [];
      const items = await table.query({
        pk: partition(userId),
        after: keys.event(userId, after).sk,
        upTo: keys.event(userId, MAX_EVENT_ID).sk,
        limit,
        consistent: true,
      });
      return items.map((item) => parseRecord(LiveEvent, item));
    },
  };
}
