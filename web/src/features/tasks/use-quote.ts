import { useState } from 'react';
import type { CreateTask, Quote } from '../../lib/api/types.ts';
import { useQuoteTask } from './api/quote-task.ts';

interface QuotedDraft {
  readonly quote: Quote;
  /** The request that was quoted, as JSON: another one costs something else. */
  readonly request: string;
}

/** The quote of the draft as it is now; a changed draft has none. */
export function useQuote(body: CreateTask) {
  const asking = useQuoteTask();
  const [quoted, setQuoted] = useState<QuotedDraft>();
  const request = JSON.stringify(body);
  const { reset } = asking;
  return {
    quote: quoted?.request === request ? quoted.quote : undefined,
    error: asking.variables && JSON.stringify(asking.variables.body) === request ? asking.error : null,
    asking: asking.isPending,
    ask: () => {
      const key = crypto.randomUUID();
      asking.mutate({ body, key }, { onSuccess: (quote) => setQuoted({ quote, request }) });
    },
    /** The quote cannot be used any more. */
    drop: () => {
      setQuoted(undefined);
      reset();
    },
  };
}
export type QuoteState = ReturnType<typeof useQuote>;
