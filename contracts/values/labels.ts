import { comparable } from './comparable.ts';
import { spellingOf } from './spelling.ts';

/** Distinct labels. Of spellings that compare equal, the one in normal form is used, else the first. */
export function distinctLabels(spellings: Iterable<string>): string[] {
  const chosen = new Map<string, string>();
  for (const spelling of spellings) {
    const form = comparable(spelling);
    if (spelling === form || !chosen.has(form)) chosen.set(form, spelling);
  }
  return [...chosen.values()];
}

/** Maps an answer in any spelling to its label; undefined if it is no label. */
export function labelFinder(
  labels: readonly string[],
): (answer: string | number | boolean) => string | undefined {
  const byForm = new Map(labels.map((label) => [comparable(label), label]));
  return (answer) => byForm.get(comparable(spellingOf(answer)));
}
