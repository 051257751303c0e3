import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { saved, type Saving } from '../../lib/saved/index.ts';
import type { SavedStore } from '../../lib/saved/saved-store.ts';
import { useUser } from '../../lib/session/index.ts';
import {
  NO_REVIEW,
  parseReviewDraft,
  storedReview,
  withNote,
  type Note,
  type ReviewDraft,
} from './review.ts';

interface ReviewState {
  readonly draft: ReviewDraft;
  readonly saving: Saving;
}

/** Keeps the notes on one result in this browser. Tabs share them: each change is made to what is stored. */
export function createReviewKeeper(store: SavedStore, userId: string, resultId: string) {
  const name = `review:${resultId}`;
  const stored = (): ReviewDraft => parseReviewDraft(store.read(userId, name));
  let state: ReviewState = { draft: stored(), saving: 'kept' };
  const listeners = new Set<() => void>();
  const set = (next: ReviewState): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  const change = (make: (draft: ReviewDraft) => ReviewDraft): void => {
    const draft = make(state.saving === 'kept' ? stored() : state.draft);
    set({ draft, saving: store.write(userId, name, storedReview(draft)) });
  };
  return {
    get: () => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    listen: () =>
      store.onOtherTab(userId, name, (value) => set({ draft: parseReviewDraft(value), saving: 'kept' })),
    change,
    note: (id: string, value: Note | undefined) =>
      change((draft) => ({ ...draft, notes: withNote(draft.notes, id, value) })),
    /** The verdict is given. */
    clear: () => {
      store.remove(userId, name);
      set({ draft: NO_REVIEW, saving: 'kept' });
    },
  };
}

/** What the buyer has noted on a result and begun to say about it; it survives a reload and is there in every tab. */
export function useReviewDraft(resultId: string) {
  const { id } = useUser();
  const keeper = useMemo(() => createReviewKeeper(saved, id, resultId), [id, resultId]);
  const state = useSyncExternalStore(keeper.subscribe, keeper.get);
  useEffect(() => keeper.listen(), [keeper]);
  return { ...state, change: keeper.change, note: keeper.note, clear: keeper.clear };
}
