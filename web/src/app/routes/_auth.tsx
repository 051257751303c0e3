import { Center, Paper, Stack, Text } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { createFileRoute, Outlet, redirect } from '@tanstack/react-router';
import { Brand } from '../../components/brand.tsx';

/** Accepts only a path of this site, to prevent an open redirect. */
const wanted = (search: Record<string, unknown>): { redirect?: string } =>
  typeof search['redirect'] === 'string' && /^\/(?![/\\])/.test(search['redirect'])
    ? { redirect: search['redirect'] }
    : {};

export const Route = createFileRoute('/_auth')({
  validateSearch: wanted,
  beforeLoad: ({ context, search }) => {
    if (context.session.get().status === 'signed_in')
      redirect({ href: search.redirect ?? '/tasks', throw: true });
  },
  component: AuthLayout,
});

function AuthLayout() {
  useDocumentTitle('DukeNET');
  return (
    <Center mih="100dvh" p="md" component="main">
      <Stack w="100%" maw={420} gap="lg" my="auto">
        <Stack align="center" gap={6}>
          <Brand size={36} />
          <Text c="dimmed" size="sm" ta="center">
            Work done by a model that improves with every verdict
          </Text>
        </Stack>
        <Paper withBorder shadow="sm" p={{ base: 'md', xs: 'xl' }}>
          <Outlet />
        </Paper>
      </Stack>
    </Center>
  );
}
