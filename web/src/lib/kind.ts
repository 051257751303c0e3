import type { Task } from './api/types.ts';

/** Display names of the kinds of answer. */
export const KIND: Record<Task['kind'], string> = {
  classification: 'Classification',
  regression: 'Number',
  generation: 'Text',
};

/** What each answer is, in plain words. */
export const ANSWER_KIND: Record<Task['kind'], string> = {
  classification: 'One of a set of labels',
  regression: 'A number',
  generation: 'A text',
};
