import { Center, Stack, Text, Title } from '@mantine/core';
import { ButtonLink } from './links.tsx';

export function NotFound() {
  return (
    <Center mih="60dvh" p="md">
      <Stack align="center" ta="center" maw={420}>
        <Text fz={64} fw={700} c="dimmed" lh={1} aria-hidden>
          404
        </Text>
        <Title order={1} size="h3">
          There is nothing here
        </Title>
        <Text c="dimmed">The address may be mistyped, or what was here is not yours to see.</Text>
        <ButtonLink to="/" variant="light">
          To my tasks
        </ButtonLink>
      </Stack>
    </Center>
  );
}

/** For an address outside of every layout, which would bring the landmark along. */
export function NotFoundPage() {
  return (
    <main>
      <NotFound />
    </main>
  );
}
