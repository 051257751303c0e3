import { spellingOf } from '../values/spelling.ts';

/** Whether two answers are equal, so that the correction would change nothing. `1` equals `"1"`. */
export const isSameAnswer = (a: string | number, b: string | number): boolean =>
  spellingOf(a) === spellingOf(b);
