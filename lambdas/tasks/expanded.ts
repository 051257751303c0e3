import type * as z from 'zod';
import type { FieldValue } from '../../contracts/entities/common.ts';
import type { ExamplePayload, ItemPayload } from '../../contracts/serving/invocation.ts';

/** An item to answer, or an example that comes with its answer. */
export type Expanded = { readonly item: ItemPayload } | { readonly example: ExamplePayload };

/** Values of one row by column, or of one inline item by field. */
export type Row = Readonly<Record<string, z.infer<typeof FieldValue>>>;

/** Media of an item by field. */
export type Media = NonNullable<ItemPayload['media']>;

/** Builds an example from a row whose target is filled, else an item. The target is not among its fields. */
export function fromRow(
  id: string,
  cells: Row,
  target: string | undefined,
  expected: string | number | undefined,
  mediumFor: (name: string, cell: Row[string]) => Media[string] | undefined,
): Expanded {
  const fields: [string, Row[string]][] = [];
  const media: [string, Media[string]][] = [];
  for (const [name, cell] of Object.entries(cells)) {
    if (name === target) continue;
    const medium = mediumFor(name, cell);
    if (medium) media.push([name, medium]);
    else fields.push([name, cell]);
  }
  const item: ItemPayload = {
    id,
    fields: Object.fromEntries(fields),
    ...(media.length > 0 && { media: Object.fromEntries(media) }),
  };
  return expected === undefined ? { item } : { example: { ...item, expected } };
}
