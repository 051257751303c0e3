import * as z from 'zod';

export const PageQuery = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(20)
    .meta({ description: 'How many entries a page has at most.', example: 20 }),
  cursor: z.string().min(1).max(1000).optional().meta({
    description: 'Where the page begins: `next_cursor` of the page before. Opaque; it belongs to this list.',
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
