import { withoutRefused, withSent } from '../../lib/api/idempotency.ts';
import type { CreateTask } from '../../lib/api/types.ts';
import type { Saving } from '../../lib/saved/index.ts';
import type { SavedStore } from '../../lib/saved/saved-store.ts';
import { newDraft, parseDraft, type SavedDraft } from './saved-draft.ts';

/** Name of the draft in the store of a user. */
export const DRAFT_NAME = 'draft';
const PAUSE_MS = 300;

export interface DraftState {
  readonly draft: SavedDraft;
  /** Incremented when the draft changes outside of the form: in another tab, or by discarding it. */
  readonly revision: number;
  readonly saving: Saving;
  /** Id of the task that another tab posted from this draft. */
  readonly posted: string | undefined;
}

type Change = Partial<Omit<SavedDraft, 'id' | 'posted'>>;

/**
 * Stores the draft of a user in this browser. Tabs share it: each writes the fields that it has changed and is
 * notified of the changes of others. Two tabs with one draft have one key, and so post one task.
 */
export function createDraftKeeper(store: SavedStore, userId: string) {
  const stored = () => parseDraft(store.read(userId, DRAFT_NAME));
  const start = stored();
  let state: DraftState = {
    draft: start && start.posted === undefined ? start : newDraft(),
    revision: 0,
    saving: 'kept',
    posted: undefined,
  };
  let changes: Change = {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listeners = new Set<() => void>();

  const set = (next: Partial<DraftState>): void => {
    state = { ...state, ...next };
    for (const listener of listeners) listener();
  };
  const become = (draft: SavedDraft): void => {
    changes = {};
    set({ draft, revision: state.revision + 1, posted: undefined });
  };

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (Object.keys(changes).length === 0) return;
    const storedDraft = stored();
    if (storedDraft && storedDraft.id !== state.draft.id && storedDraft.posted === undefined)
      return become(storedDraft);
    if (storedDraft?.id === state.draft.id && storedDraft.posted !== undefined) {
      changes = {};
      return set({ posted: storedDraft.posted });
    }
    const draft = { ...(storedDraft?.id === state.draft.id ? storedDraft : state.draft), ...changes };
    changes = {};
    set({ draft, saving: store.write(userId, DRAFT_NAME, draft) });
  }

  /** Changed fields are written after a pause in typing and when the page is left. */
  function keep(change: Change): void {
    const news = Object.entries(change).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(state.draft[name as keyof Change]),
    );
    if (news.length === 0) return;
    const changed = Object.fromEntries(news) as Change;
    changes = { ...changes, ...changed };
    state = { ...state, draft: { ...state.draft, ...changed } };
    timer ??= setTimeout(flush, PAUSE_MS);
  }
  const keepNow = (change: Change): void => {
    keep(change);
    flush();
  };

  function hear(value: unknown): void {
    const heard = parseDraft(value);
    if (!heard) return become(newDraft());
    if (heard.posted === undefined)
      return set({
        draft: heard.id === state.draft.id ? { ...heard, ...changes } : heard,
        revision: state.revision + 1,
      });
    if (heard.id === state.draft.id) set({ posted: heard.posted });
  }

  return {
    get: () => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Listens to other tabs and to the end of the page. Returns a function that stops and writes pending changes. */
    listen: () => {
      const stop = store.onOtherTab(userId, DRAFT_NAME, hear);
      const hidden = () => document.visibilityState === 'hidden' && flush();
      window.addEventListener('pagehide', flush);
      document.addEventListener('visibilitychange', hidden);
      return () => {
        stop();
        window.removeEventListener('pagehide', flush);
        document.removeEventListener('visibilitychange', hidden);
        flush();
      };
    },
    keep,
    /** Called before a body is sent, so that it is known after a reload. */
    sent: (body: CreateTask) => {
      const there = stored(); // another tab may have sent one meanwhile
      const before = there?.id === state.draft.id ? there.unanswered : state.draft.unanswered;
      keepNow({ unanswered: withSent(before, body) });
    },
    refused: (body: CreateTask) => keepNow({ unanswered: withoutRefused(state.draft.unanswered, body) }),
    /** Deletes the draft after it was posted, and notifies other tabs. */
    posted: (taskId: string) => {
      flush();
      store.write(userId, DRAFT_NAME, { ...newDraft(), id: state.draft.id, posted: taskId });
    },
    startAfresh: () => {
      const there = stored();
      if (there && there.id !== state.draft.id && there.posted === undefined) return become(there);
      store.remove(userId, DRAFT_NAME);
      become(newDraft());
    },
  };
}
export type DraftKeeper = ReturnType<typeof createDraftKeeper>;
