import type { CreateTaskBody } from '../../contracts/api/task-bodies.ts';
import { DukeError } from '../../contracts/errors.ts';
import { comparable } from '../../contracts/values/comparable.ts';

interface Inline {
  readonly items: readonly { readonly id?: string | undefined }[];
  readonly examples: readonly unknown[];
}

/**
 * Ids of a task's inline items and examples: the buyer's own, else `item:<n>` and `example:<n>` with the 1-based
 * position n. A suffix avoids a collision with an id the buyer chose: `item:2.1`.
 */
export function inlineIds({ items, examples }: Inline): { items: string[]; examples: string[] } {
  const taken = new Set(items.flatMap(({ id }) => (id === undefined ? [] : [comparable(id)])));
  const generated = (kind: string, place: number): string => {
    const plain = `${kind}:${place}`;
    let id = plain;
    for (let suffix = 1; taken.has(id); suffix++) id = `${plain}.${suffix}`;
    return id;
  };
  return {
    items: items.map(({ id }, i) => id ?? generated('item', i + 1)),
    examples: examples.map((_, i) => generated('example', i + 1)),
  };
}

const refuse = (i: number, id: string, message: string): never => {
  throw new DukeError('validation_failed', `The id "${id}" cannot be used: ${message}.`, {
    errors: [{ path: `items.${i}.id`, message }],
  });
};

/**
 * Rejects item ids that look the same, and ids that could collide with a row of an attached file (`<file id>:<row>`),
 * because answers are matched by id.
 * @throws DukeError validation_failed
 */
export function assertDistinctIds({ items, files }: Pick<CreateTaskBody, 'items' | 'files'>): void {
  const attached = new Set(files.map((id) => id.toLowerCase()));
  const used = new Set<string>();
  items.forEach(({ id }, i) => {
    if (id === undefined) return;
    const form = comparable(id);
    if (used.has(form)) refuse(i, id, 'each id once');
    if (attached.has(form.split(':')[0]!.toLowerCase())) refuse(i, id, 'it is kept for the attached file');
    used.add(form);
  });
}
