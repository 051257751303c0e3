import type { Task } from './api/types.ts';

/** Display names of the kinds of answer. */
export const KIND: Record<Task['kind'], string> = {
  classification: 'Classification',
  regression: 'Number',
  generation: 'Text',
};
