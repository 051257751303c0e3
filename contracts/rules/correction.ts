import { spellingOf } from '../values/spelling.ts';

/** Whether two answers are the same one: then a correction would correct nothing. `1` and `"1"` are. */
export const isSameAnswer = (a: string | number, b: string | number): boolean =>
  spellingOf(a) === spellingOf(b);
