import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { File as StoredFile } from '../../lib/api/types.ts';
import { saved } from '../../lib/saved/index.ts';
import { answerOfFiles } from './draft.ts';
import { createDraftKeeper, type DraftKeeper, type DraftState } from './draft-keeper.ts';
import type { DraftForm } from './use-draft.ts';

/** The stored draft of the signed-in user. */
export function useKeptDraft(userId: string): DraftState & { keeper: DraftKeeper } {
  const [keeper] = useState(() => createDraftKeeper(saved, userId));
  const state = useSyncExternalStore(keeper.subscribe, keeper.get);
  useEffect(() => keeper.listen(), [keeper]);
  return { ...state, keeper };
}

/**
 * Stores what is typed, and shows what other tabs have typed.
 * @param shown the revision whose files are attached
 */
export function useFormOfDraft(form: DraftForm, keeper: DraftKeeper, shown: number): void {
  const { values, setValues } = form;
  const last = useRef(shown);
  useEffect(() => {
    if (last.current === shown) return keeper.keep({ values });
    last.current = shown;
    setValues(keeper.get().draft.values);
  }, [keeper, shown, values, setValues]);
}

/** Infers the target column again when the set of files changes. */
export function useGuessedTarget(form: DraftForm, files: readonly StoredFile[], keeper: DraftKeeper): void {
  const ids = files.map(({ id }) => id).join();
  const { setValues } = form;
  useEffect(() => {
    if (keeper.get().draft.guessed_for.join() === ids) return;
    keeper.keep({ guessed_for: ids === '' ? [] : ids.split(',') });
    setValues(answerOfFiles(keeper.get().draft.values, files));
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `files` is a new array in each render; `ids` changes with its contents
  }, [ids, keeper, setValues]);
}
