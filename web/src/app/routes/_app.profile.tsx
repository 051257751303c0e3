import { Code, CopyButton, Group, SimpleGrid, Text, UnstyledButton } from '@mantine/core';
import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../../components/page.tsx';
import { NameForm } from '../../features/identity/components/name-form.tsx';
import { PasswordForm } from '../../features/identity/components/password-form.tsx';
import { NotificationForm } from '../../features/notifications/components/notification-form.tsx';
import { useUser } from '../../lib/session/index.ts';

export const Route = createFileRoute('/_app/profile')({ component: ProfilePage });

function AccountId() {
  const { id } = useUser();
  return (
    <CopyButton value={id}>
      {({ copied, copy }) => (
        <Group gap={6}>
          <Text size="sm">Account id</Text>
          <UnstyledButton onClick={copy} aria-label={`Copy the account id ${id}`}>
            <Code>{id}</Code>
          </UnstyledButton>
          <Text size="xs" aria-live="polite">
            {copied && 'copied'}
          </Text>
        </Group>
      )}
    </CopyButton>
  );
}

function ProfilePage() {
  return (
    <Page title="Profile" description={<AccountId />}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NameForm />
        <PasswordForm />
        <NotificationForm />
      </SimpleGrid>
    </Page>
  );
}
