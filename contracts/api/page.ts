import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { Text } from '../text.ts';

const fromDigits = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;

/** A whole number in a query: decimal digits and nothing else, so `0x10`, `1e1`, `+5` and ` 5` are none. */
export const queryInteger = (min: number, max: number) =>
  z.preprocess(fromDigits, z.int({ error: 'a whole number in decimal digits' }).min(min).max(max));

export const PageQuery = z.strictObject({
  limit: queryInteger(1, LIMITS.page.value)
    .default(20)
    .meta({ description: 'How many entries a page has at most.', default: 20, example: 20 }),
  cursor: Text({ max: 1000, min: 1 }).optional().meta({
    description:
      'Where the page begins: `next_cursor` of the page before, as it came. Sealed for this caller, list and filters; anything else is 422.',
    example: 'eyJwayI6IlVTRVIjMDE5YWI1ZTAifQ',
  }),
});

/**
 * A page of a list, newest first.
 * @param id name of the page in the OpenAPI document: `TaskPage`
 */
export const pageOf = <T extends z.ZodType>(id: string, item: T) =>
  z
    .strictObject({
      items: z.array(item).meta({ description: 'The entries of this page.' }),
      next_cursor: z.string().nullable().meta({
        description: 'Give it back as `cursor` for the next page; null on the last one.',
        example: 'eyJwayI6IlVTRVIjMDE5YWI1ZTAifQ',
      }),
    })
    .meta({ id, description: 'One page of a list.' });
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
