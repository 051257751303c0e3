import * as z from 'zod';
import { LIMITS } from '../limits.ts';
import { Text } from '../text.ts';

const fromDigits = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;

/** An integer query parameter: decimal digits only. `0x10`, `1e1`, `+5` and ` 5` are rejected. */
export const queryInteger = (min: number, max: number) =>
  z.preprocess(fromDigits, z.int({ error: 'a whole number in decimal digits' }).min(min).max(max));

export const PageQuery = z.strictObject({
  limit: queryInteger(1, LIMITS.page.value)
    .default(20)
    .meta({ description: 'Maximum number of entries per page.', default: 20, example: 20 }),
  cursor: Text({ max: 1000, min: 1 }).optional().meta({
    description:
      'Start of the page: the unchanged `next_cursor` of the previous page. It is valid only for the same caller, list and filters; anything else is 422.',
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
        description: 'Pass it as `cursor` to get the next page; null on the last page.',
        example: 'eyJwayI6IlVTRVIjMDE5YWI1ZTAifQ',
      }),
    })
    .meta({ id, description: 'One page of a list.' });
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
