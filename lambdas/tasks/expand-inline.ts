import type { TaskInputs } from '../../contracts/entities/inline-item.ts';
import type { Task } from '../../contracts/entities/task.ts';
import type { ItemPayload } from '../../contracts/serving/invocation.ts';
import { own } from '../../contracts/values/own.ts';
import { numberOf } from './answers.ts';
import { fromRow } from './expanded.ts';
import type { Expanded, Media } from './expanded.ts';
import { inlineIds } from './item-ids.ts';
import { answerOf, inlineTarget } from './target.ts';

export interface InlineSources {
  readonly task: Pick<Task, 'kind' | 'target' | 'missing'>;
  readonly inputs: TaskInputs;
  /** The medium of a file that an item or example names. */
  readonly mediumOf: (fileId: string) => Media[string];
}

/** Yields the items and examples that came with the request, in their order. Items with a filled target are examples. */
export function* expandInline({ inputs, task, mediumOf }: InlineSources): Generator<Expanded> {
  const withMedia = (expanded: ItemPayload, files: Record<string, string> = {}): ItemPayload => {
    const media = Object.entries(files).map(([name, id]): [string, Media[string]] => [name, mediumOf(id)]);
    return media.length > 0 ? { ...expanded, media: Object.fromEntries(media) } : expanded;
  };
  const ids = inlineIds(inputs);
  const column = inlineTarget(inputs, task);
  const read = (answer: string | number | undefined) =>
    answer !== undefined && task.kind === 'regression' ? numberOf(answer, column.form) : answer;
  for (const [i, item] of inputs.items.entries()) {
    const answer = task.target === undefined ? undefined : answerOf(own(item.fields, task.target), column);
    const expanded = fromRow(ids.items[i]!, item.fields ?? {}, task.target, read(answer), () => undefined);
    if ('item' in expanded) yield { item: withMedia(expanded.item, item.files) };
    else
      yield { example: { ...withMedia(expanded.example, item.files), expected: expanded.example.expected } };
  }
  for (const [i, example] of inputs.examples.entries()) {
    const item: ItemPayload = { id: ids.examples[i]!, fields: example.fields ?? {} };
    const expected = read(example.expected) ?? example.expected;
    yield { example: { ...withMedia(item, example.files), expected } };
  }
}
