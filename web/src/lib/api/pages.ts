interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
type PageParam = { cursor?: string };

/** Paging options for all lists of the API. */
export const pages = {
  initialPageParam: {} as PageParam,
  getNextPageParam: ({ next_cursor }: Page<unknown>): PageParam | undefined =>
    next_cursor === null ? undefined : { cursor: next_cursor },
};

export const allItems = <T>(data: { pages: Page<T>[] }): T[] => data.pages.flatMap((page) => page.items);
