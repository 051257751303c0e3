import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { LIMITS } from '../../../../../../contracts/limits.ts';
import type { Task } from '../../../../lib/api/types.ts';
import { saysSomething, type Note } from '../../review.ts';
import type { Row } from '../../use-rows.ts';
import { AnswerInput } from './answer-input.tsx';

interface Props {
  readonly row: Row;
  readonly task: Task;
  readonly note: Note | undefined;
  readonly onNote: (id: string, note: Note | undefined) => void;
}

/** The answer, to be corrected, or refused with a reason. */
export function AnswerEditor({ row, task, note, onNote }: Props) {
  const { id, prediction } = row.answer;
  const refusing = note?.reason !== undefined;
  const set = (change: Note) => {
    const { expected, reason } = { ...note, ...change };
    const next = { ...(expected !== undefined && { expected }), ...(reason !== undefined && { reason }) };
    onNote(id, Object.keys(next).length > 0 ? next : undefined);
  };
  return (
    <Stack gap={6}>
      <Group gap={4} wrap="nowrap" align="flex-start">
        <div style={{ flex: 1, minWidth: 0 }}>
          <AnswerInput
            kind={task.kind}
            labels={task.labels ?? []}
            form={task.answer_form}
            prediction={prediction ?? ''}
            expected={note?.expected}
            onChange={(expected) => set({ expected })}
            label={`Answer of item ${row.place}`}
          />
        </div>
        {note ? (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Put back the answer of item ${row.place}`}
            onClick={() => onNote(id, undefined)}
          >
            <IconArrowBackUp size={16} aria-hidden />
          </ActionIcon>
        ) : (
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            mt={4}
            aria-label={`Refuse item ${row.place}`}
            onClick={() => set({ reason: '' })}
          >
            Refuse
          </Button>
        )}
      </Group>
      {refusing && (
        <TextInput
          size="xs"
          autoFocus
          placeholder="Why is it wrong?"
          aria-label={`Reason to refuse item ${row.place}`}
          maxLength={LIMITS.reason.value}
          value={note.reason}
          error={saysSomething(note, prediction) ? null : 'Give a reason, or undo'}
          onChange={(event) => set({ reason: event.currentTarget.value })}
        />
      )}
      {note?.expected !== undefined && (
        <Text size="xs" c="dimmed">
          delivered: {prediction}
        </Text>
      )}
    </Stack>
  );
}
