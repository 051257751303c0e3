import { useMemo, useState } from 'react';
import type { Item, Submission, SubmissionState, Task } from '../../lib/api/types.ts';
import { useKeptValue } from '../../lib/saved/use-kept-value.ts';
import { useSubmitAnswers } from './api/submit-answers.ts';
import {
  itemErrors,
  nextUnanswered,
  unsentAnswers,
  withAnswer,
  withSent,
  WORK_ANSWERS,
  type WorkAnswer,
} from './work-answers.ts';

interface Options {
  readonly onProgress: (state: SubmissionState) => void;
  readonly onEnded: (state: SubmissionState) => void;
}

/** The work on one task: which item is open, the answers so far, and sending them. */
export function useExecution(task: Task, items: readonly Item[], { onProgress, onEnded }: Options) {
  const { value: answers, saving, change, clear } = useKeptValue(`work:${task.id}`, WORK_ANSWERS);
  const submission = useSubmitAnswers(task.id);
  const [index, setIndex] = useState(0);
  const [sent, setSent] = useState<readonly { readonly id: string }[]>([]);
  const unsent = unsentAnswers(items, answers);
  const errors = useMemo(() => itemErrors(submission.error, sent), [submission.error, sent]);
  const answered = items.reduce((sum, { id }) => sum + (answers.has(id) ? 1 : 0), 0);
  const open = (to: number): void => setIndex(Math.min(Math.max(to, 0), Math.max(items.length - 1, 0)));

  const send = (body: Submission): void => {
    setSent(body.items ?? []);
    const request = { body, key: crypto.randomUUID() };
    submission.mutate(request, {
      onSuccess: (state) => {
        if (state.outcome !== 'open') {
          clear();
          return onEnded(state);
        }
        change((all) => withSent(all, body.items ?? []));
        onProgress(state);
      },
      onError: (error) => {
        const refused = itemErrors(error, body.items ?? []);
        const first = items.findIndex(({ id }) => refused.has(id));
        if (first >= 0) open(first);
      },
    });
  };

  return {
    index,
    open,
    /** To the next item without an answer, else to the next one. */
    openNext: () => {
      const next = nextUnanswered(items, answers, index);
      open(next === -1 || next === index ? index + 1 : next);
    },
    answers,
    answered,
    unsent,
    errors,
    saving,
    submission,
    setAnswer: (id: string, answer: WorkAnswer | undefined) => change((all) => withAnswer(all, id, answer)),
    submit: () => {
      if (unsent.length > 0) send({ items: unsent, success: true });
    },
    giveUp: () => send({ items: [], success: false }),
  };
}
export type ExecutionState = ReturnType<typeof useExecution>;
