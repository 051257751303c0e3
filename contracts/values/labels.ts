import { comparable } from './comparable.ts';
import { spellingOf } from './spelling.ts';

/** Each label once. Of spellings that compare equal, one that is its own comparable text stands for all, else the first. */
export function distinctLabels(spellings: Iterable<string>): string[] {
  const chosen = new Map<string, string>();
  for (const spelling of spellings) {
    const form = comparable(spelling);
    if (spelling === form || !chosen.has(form)) chosen.set(form, spelling);
  }
  return [...chosen.values()];
}

/** From an answer, however it is spelt, to the label that it means; undefined if it is none of them. */
export function labelFinder(
  labels: readonly string[],
): (answer: string | number | boolean) => string | undefined {
  const byForm = new Map(labels.map((label) => [comparable(label), label]));
  return (answer) => byForm.get(comparable(spellingOf(answer)));
}
