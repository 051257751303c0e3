import { Quote } from '../../../contracts/entities/quote.ts';
import { keys } from '../../../contracts/naming.ts';
import { HOUR } from '../clock.ts';
import { parseRecord, record, ttlSeconds } from './records.ts';
import type { Table, Update } from './table.ts';

/** Kept for a while after expiry, so that a late client is told why the quote cannot be used. */
const KEPT = 24 * HOUR;

export interface QuoteStore {
  get(id: string): Promise<Quote | undefined>;
  create(quote: Quote): Promise<void>;
}

/** The step that uses a quote for a task, for the transaction that stores the task: once, and before it expires. */
export const useQuoteStep = (quoteId: string, taskId: string, at: string): Update => ({
  update: keys.quote(quoteId),
  set: { task_id: taskId },
  when: [
    { attribute: 'task_id', is: 'absent' },
    { attribute: 'expires_at', is: 'at_least', value: at },
  ],
});

export function quoteStore(table: Table): QuoteStore {
  return {
    async get(id) {
      const item = await table.get(keys.quote(id), { consistent: true });
      return item && parseRecord(Quote, item);
    },
    async create(quote) {
      const ttl = ttlSeconds(new Date(Date.parse(quote.expires_at) + KEPT));
      await table.write({ put: { ...record('quote', keys.quote(quote.id), quote), ttl } });
    },
  };
}
