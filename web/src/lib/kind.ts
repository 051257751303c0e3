import type { Task } from './api/types.ts';

/** The kinds of answer as pages name them. */
export const KIND: Record<Task['kind'], string> = {
  classification: 'Classification',
  regression: 'Number',
  generation: 'Text',
};
