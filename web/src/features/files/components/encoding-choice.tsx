import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { encodingGuessOf } from '../../../../../contracts/rules/file-kinds.ts';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import type { File as StoredFile } from '../../../lib/api/types.ts';
import { chooseEncoding } from '../api/choose-encoding.ts';

/** Excerpts of a file in the possible encodings, to choose one. */
export function EncodingChoice({ file, onRead }: { file: StoredFile; onRead: (file: StoredFile) => void }) {
  const choice = useMutation({
    mutationFn: (encoding: string) => chooseEncoding(file.id, encoding),
    onSuccess: onRead,
  });
  const guess = file.metadata && encodingGuessOf(file.metadata);
  if (!guess) return null;
  return (
    <Alert color="yellow" variant="light" role="alert" title="Which of these reads right?">
      <Stack gap="xs">
        <Text size="sm">
          The file does not say how its characters are encoded. No task takes it until you choose.
        </Text>
        {guess.alternatives.map(({ encoding, excerpt }) => (
          <Group key={encoding} gap="sm" wrap="nowrap">
            <Button
              size="xs"
              variant="default"
              loading={choice.isPending && choice.variables === encoding}
              disabled={choice.isPending}
              onClick={() => choice.mutate(encoding)}
            >
              {encoding}
            </Button>
            <Text size="sm" truncate>
              {excerpt}
            </Text>
          </Group>
        ))}
        <ProblemAlert error={choice.error} />
      </Stack>
    </Alert>
  );
}
