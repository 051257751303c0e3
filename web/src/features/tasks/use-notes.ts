import { useSessionStorage } from '@mantine/hooks';
import { useCallback } from 'react';
import { withNote, type Note, type Notes } from './review.ts';

/** The buyer's notes on a result; they survive a reload of the page. */
export function useNotes(resultId: string) {
  const [notes, setNotes, clear] = useSessionStorage<Notes>({ key: `review:${resultId}`, defaultValue: {} });
  const note = useCallback(
    (id: string, value: Note | undefined) => setNotes((all) => withNote(all, id, value)),
    [setNotes],
  );
  return { notes, note, clear };
}
