import { Alert, Button, Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';

interface Props {
  /** Name of the request: "Your deposit of 500 sat". */
  what: string;
  onStartAnew: () => void;
}

/** Says that a request got no response, so that it may or may not have been applied. */
export function Unanswered({ what, onStartAnew }: Props) {
  return (
    <Alert
      color="yellow"
      variant="light"
      role="status"
      icon={<IconPlugConnectedX aria-hidden />}
      title={`${what} got no response`}
    >
      <Text size="sm">It may have gone through. Sending it again will not repeat it.</Text>
      <Button size="xs" mt="xs" variant="light" color="yellow" onClick={onStartAnew}>
        Dismiss: it went through, or is no longer needed
      </Button>
    </Alert>
  );
}
