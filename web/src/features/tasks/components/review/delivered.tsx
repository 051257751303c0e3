import { Badge, Text } from '@mantine/core';
import { writtenAnswer } from '../../../../../../contracts/values/written-answer.ts';
import type { Task } from '../../../../lib/api/types.ts';
import { saysSomething, type Note } from '../../review.ts';
import type { Row } from '../../use-rows.ts';

interface Props extends Pick<Row, 'answer'> {
  readonly task: Pick<Task, 'kind' | 'answer_form'>;
  readonly note: Note | undefined;
}

/** The correction that a note holds, as the column writes its numbers; undefined without one. */
function corrected({ answer, task, note }: Props): string | undefined {
  if (note?.expected === undefined || !saysSomething({ expected: note.expected }, answer.prediction))
    return undefined;
  return writtenAnswer({ form: task.answer_form }, note.expected);
}

/** The answer in a cell of the table: as delivered, and what the buyer puts in its place. */
export function Delivered(props: Props) {
  const { answer, task, note } = props;
  const { prediction } = answer;
  const correction = corrected(props);
  if (prediction === null)
    return (
      <Text size="sm" c="dimmed">
        refused
      </Text>
    );
  const written = writtenAnswer({ form: task.answer_form }, prediction);
  const refused = note?.reason !== undefined && correction === undefined;
  if (task.kind === 'generation')
    return (
      <Text size="sm" truncate td={refused ? 'line-through' : undefined}>
        {correction ?? written}
      </Text>
    );
  return (
    <Badge
      variant={correction === undefined ? 'default' : 'light'}
      color="orange"
      tt="none"
      fw={500}
      maw="100%"
      td={refused ? 'line-through' : undefined}
    >
      {correction === undefined ? written : `${written} → ${correction}`}
    </Badge>
  );
}
