import { Stack, Table, type MantineSpacing } from '@mantine/core';
import type { ReactNode } from 'react';
import { LoadMore } from './load-more.tsx';
import { QueryState } from './query-state.tsx';
import { TableScroll } from './table-scroll.tsx';

interface PagedQuery<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

interface Props<T> {
  query: PagedQuery<T>;
  /** What a screen reader calls the table. */
  label: string;
  /** Width in pixels below which the table scrolls sideways. */
  minWidth: number;
  spacing?: MantineSpacing;
  /** Header cells. */
  header: ReactNode;
  /** Shown instead of the table once all pages are loaded and there is no row. */
  empty: ReactNode;
  /** The rows of all pages that are loaded. */
  children: (data: NonNullable<T>) => readonly ReactNode[];
}

/** A table whose rows come in pages. */
export function PagedTable<T>({ query, label, minWidth, spacing = 'sm', header, empty, children }: Props<T>) {
  return (
    <QueryState query={query}>
      {(data) => {
        const rows = children(data);
        if (rows.length === 0 && !query.hasNextPage) return empty;
        return (
          <Stack>
            <TableScroll minWidth={minWidth}>
              <Table verticalSpacing={spacing} aria-label={label}>
                <Table.Thead>
                  <Table.Tr>{header}</Table.Tr>
                </Table.Thead>
                <Table.Tbody>{rows}</Table.Tbody>
              </Table>
            </TableScroll>
            <LoadMore query={query} />
          </Stack>
        );
      }}
    </QueryState>
  );
}
