import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { session } from '../lib/session/index.ts';

/** Shown if the first request fails, so that it is unknown whether somebody is signed in. */
export function Unreachable() {
  const [trying, setTrying] = useState(false);
  const again = async () => {
    setTrying(true);
    await session.renew();
    setTrying(false);
  };
  return (
    <Center mih="100dvh" p="md">
      <Stack align="center" maw={420} ta="center" role="alert">
        <Title order={1} size="h3">
          DukeNET does not answer
        </Title>
        <Text c="dimmed">Your work and your satoshis are safe. Check your connection and try again.</Text>
        <Button onClick={() => void again()} loading={trying}>
          Try again
        </Button>
      </Stack>
    </Center>
  );
}
