import { Button, Center, Code, Stack, Text, Title } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { ApiError } from '../lib/api/problem.ts';

/** The error boundary of every route. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const requestId = error instanceof ApiError ? error.problem.request_id : '';
  return (
    <Center mih="60dvh" p="md">
      <Stack align="center" ta="center" maw={480} role="alert">
        <Title order={1} size="h3">
          This page broke
        </Title>
        <Text c="dimmed">{error instanceof Error ? error.message : 'Something unexpected happened.'}</Text>
        {requestId && (
          <Text size="sm" c="dimmed">
            Request <Code>{requestId}</Code>
          </Text>
        )}
        <Button onClick={reset}>Try again</Button>
        <Button variant="subtle" onClick={() => location.reload()}>
          Reload the page
        </Button>
      </Stack>
    </Center>
  );
}
