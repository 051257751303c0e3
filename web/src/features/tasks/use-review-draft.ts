import type { ValueFormat } from '../../lib/saved/kept-value.ts';
import { useKeptValue } from '../../lib/saved/use-kept-value.ts';
import { parseReviewDraft, storedReview, withNote, type Note, type ReviewDraft } from './review.ts';

const FORMAT: ValueFormat<ReviewDraft> = { parse: parseReviewDraft, serialize: storedReview };

/** What the buyer has noted on a result and begun to say about it; it survives a reload and is there in every tab. */
export function useReviewDraft(resultId: string) {
  const { value: draft, saving, change, clear } = useKeptValue(`review:${resultId}`, FORMAT);
  const note = (id: string, value: Note | undefined): void =>
    change((all) => ({ ...all, notes: withNote(all.notes, id, value) }));
  return { draft, saving, change, note, clear };
}
