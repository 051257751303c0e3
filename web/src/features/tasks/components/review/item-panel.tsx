import { Divider, Group, Stack, Text } from '@mantine/core';
import { ItemView } from '../../../../components/media/item-view.tsx';
import type { Task } from '../../../../lib/api/types.ts';
import { number } from '../../../../lib/format.ts';
import { doubtOf } from '../../doubt.ts';
import type { Note } from '../../review.ts';
import type { Row } from '../../use-rows.ts';
import { AnswerEditor } from './answer-editor.tsx';
import { Confidence } from './confidence.tsx';
import { Delivered } from './delivered.tsx';
import { Explanation } from './explanation.tsx';

interface Props {
  readonly row: Row;
  readonly task: Task;
  readonly note: Note | undefined;
  /** Absent once there is a verdict, and for others than the buyer. */
  readonly onNote?: (id: string, note: Note | undefined) => void;
}

/** One answer beside its item: what was asked, what was answered and why, and the correction. */
export function ItemPanel({ row, task, note, onNote }: Props) {
  const { answer, item, place } = row;
  const doubt = doubtOf(answer);
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Text fw={600} size="sm">
          Item {number(place)}
        </Text>
        <Confidence value={answer.confidence} />
      </Group>
      {onNote ? (
        <AnswerEditor row={row} task={task} note={note} onNote={onNote} />
      ) : (
        <Group gap={6}>
          <Delivered answer={answer} task={task} note={undefined} />
          {answer.corrected && (
            <Text size="xs" c="dimmed">
              corrected by you
            </Text>
          )}
        </Group>
      )}
      {doubt && (
        <Text size="xs" c="dimmed" title="The right answer is among these in 95 of 100 items">
          {doubt}
        </Text>
      )}
      {answer.answered_by && (
        <Text size="xs" c="dimmed">
          answered by {answer.answered_by}
        </Text>
      )}
      <Divider />
      {item ? <ItemView item={item} /> : <Text size="sm">{answer.id}</Text>}
      <Divider />
      <Explanation answer={answer} />
    </Stack>
  );
}
