import { Alert, Button, Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';

interface Props {
  /** What was sent, as in "Your deposit of 500 sat". */
  what: string;
  onStartAnew: () => void;
}

/** A request of which nobody knows whether it arrived. */
export function Unanswered({ what, onStartAnew }: Props) {
  return (
    <Alert
      color="yellow"
      variant="light"
      role="status"
      icon={<IconPlugConnectedX aria-hidden />}
      title={`${what} was sent and not answered`}
    >
      <Text size="sm">It may have arrived. Sending the same again does not do it twice.</Text>
      <Button size="xs" mt="xs" variant="light" color="yellow" onClick={onStartAnew}>
        It arrived, or is not wanted any more
      </Button>
    </Alert>
  );
}
