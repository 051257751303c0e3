import type { Kind } from '../../contracts/entities/common.ts';
import { spellingOf } from '../../contracts/values/spelling.ts';
import type { KnownItem } from './known-items.ts';

/** Mean over the items that have a confidence; null if none has. */
export function meanConfidence(items: readonly KnownItem[]): number | null {
  const confidences = items.flatMap((item) => item.confidence ?? []);
  return confidences.length === 0 ? null : confidences.reduce((sum, c) => sum + c, 0) / confidences.length;
}

/** Summary such as "200 answers: 130 × ham, 70 × spam", most frequent first. A single generated text is its own summary. */
export function summaryOf(kind: Kind, items: readonly KnownItem[]): string {
  const refused = items.filter((item) => item.prediction === null).length;
  const answers = items.flatMap(({ prediction }) => (prediction === null ? [] : spellingOf(prediction)));
  const [only] = answers;
  if (kind === 'generation' && items.length === 1 && only !== undefined) return only;
  const noun = items.length === 1 ? 'answer' : 'answers';
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  const shares = [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([answer, n]) => `${n} × ${answer.slice(0, 80)}`);
  const rest = refused > 0 ? [`${refused} refused`] : [];
  if (counts.size > 20) return [`${items.length} ${noun}, ${counts.size} different ones`, ...rest].join(', ');
  return `${items.length} ${noun}: ${[...shares, ...rest].join(', ')}`;
}
