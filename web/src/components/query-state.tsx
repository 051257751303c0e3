import { Button, Skeleton, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { ProblemAlert } from './problem-alert.tsx';

interface Props<T> {
  query: { data: T | undefined; error: unknown; refetch: () => unknown };
  /** Rows of the placeholder while loading. */
  rows?: number;
  children: (data: NonNullable<T>) => ReactNode;
}

/** Placeholder, error with a retry button, or the data. Loaded data stays visible if a refresh fails. */
export function QueryState<T>({ query, rows = 3, children }: Props<T>) {
  if (query.data !== undefined && query.data !== null) return <>{children(query.data)}</>;
  if (query.error)
    return (
      <ProblemAlert error={query.error}>
        <Button mt="sm" size="xs" variant="light" color="red" onClick={() => query.refetch()}>
          Try again
        </Button>
      </ProblemAlert>
    );
  return (
    <Stack role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={64} />
      ))}
    </Stack>
  );
}
