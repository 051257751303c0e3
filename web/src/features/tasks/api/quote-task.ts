import { useMutation } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { untilAnswered } from '../../../lib/api/idempotency.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import type { CreateTask, Quote } from '../../../lib/api/types.ts';

interface QuoteRequest {
  readonly body: CreateTask;
  /** Identifies the click: a repetition after a lost answer gets the same quote. */
  readonly key: string;
}

// The types of openapi-fetch make a plain list of the pair that an interval is; the document says a pair.
const quote = ({ body, key }: QuoteRequest) =>
  unwrap(
    api.POST('/api/v2/tasks/quote', { params: { header: { 'Idempotency-Key': key } }, body }),
  ) as Promise<Quote>;

/** Asks for the exact price and the odds of a task; nothing is held. */
export const useQuoteTask = () => useMutation({ ...untilAnswered, mutationFn: quote });
