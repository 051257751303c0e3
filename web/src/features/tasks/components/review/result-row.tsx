import { ActionIcon, Badge, Button, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { IconArrowBackUp, IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { memo, useState } from 'react';
import { LIMITS } from '../../../../../../contracts/limits.ts';
import { writtenAnswer } from '../../../../../../contracts/values/written-answer.ts';
import type { Task } from '../../../../lib/api/types.ts';
import { doubtOf } from '../../doubt.ts';
import { useFileNames } from '../../file-names.ts';
import { saysSomething, type Note } from '../../review.ts';
import type { Row } from '../../use-rows.ts';
import { AnswerInput } from './answer-input.tsx';
import { Confidence } from './confidence.tsx';
import { Explanation } from './explanation.tsx';
import classes from './results-table.module.css';

interface Props {
  row: Row;
  task: Task;
  note: Note | undefined;
  /** Absent once there is a verdict, and for users other than the buyer. */
  onNote?: (id: string, note: Note | undefined) => void;
}

const textOf = ({ fields, answer }: Row): string => {
  if (!fields) return answer.id;
  const values = Object.entries(fields).filter(([, value]) => value !== null && value !== '');
  if (values.length === 1) return String(values[0]?.[1]);
  return values.map(([name, value]) => `${name}: ${String(value)}`).join(' · ');
};

/** The fields of the item and its files. */
function Excerpt({ row }: Pick<Props, 'row'>) {
  const nameOf = useFileNames();
  const text = textOf(row);
  return (
    <>
      {text}
      {Object.entries(row.files).map(([field, id], index) => (
        <span key={field}>
          {(text !== '' || index > 0) && ' · '}
          {nameOf(id)}
        </span>
      ))}
    </>
  );
}

/** Controls to correct or refuse the answer. */
function Answer({ row, task, note, onNote }: Required<Omit<Props, 'note'>> & Pick<Props, 'note'>) {
  const { id, prediction } = row.answer;
  const refusing = note?.reason !== undefined;
  const noted = saysSomething(note, prediction);
  const set = (change: Note) => {
    const { expected, reason } = { ...note, ...change };
    const next = { ...(expected !== undefined && { expected }), ...(reason !== undefined && { reason }) };
    onNote(id, Object.keys(next).length > 0 ? next : undefined);
  };
  return (
    <Stack gap={6}>
      <Group gap={4} wrap="nowrap" align="flex-start">
        <div className={classes.input}>
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
          error={noted ? null : 'Give a reason, or undo'}
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

/** The delivered answer: `135 (128 to 142)`, a number in the format of its column, a text unchanged. */
function Delivered({ answer, task }: Pick<Row, 'answer'> & { task: Pick<Task, 'kind' | 'answer_form'> }) {
  const { prediction, interval, corrected } = answer;
  const { kind, answer_form: form } = task;
  if (prediction === null)
    return (
      <Text size="sm" c="dimmed">
        refused
      </Text>
    );
  if (kind === 'generation')
    return (
      <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} lineClamp={6}>
        {prediction}
      </Text>
    );
  return (
    <Group gap={6}>
      <Badge variant="default" tt="none" fw={500} maw="100%">
        {`${writtenAnswer({ form }, prediction)}${interval ? ` (${doubtOf(answer)})` : ''}`}
      </Badge>
      {corrected && (
        <Text size="xs" c="dimmed">
          corrected by you
        </Text>
      )}
    </Group>
  );
}

/** Alternatives to the answer, shown below it. */
function Doubt({ answer, editable }: Pick<Row, 'answer'> & { editable: boolean }) {
  const doubt = doubtOf(answer);
  if (!doubt || (answer.interval && !editable)) return null; // a number that is only read has it beside it
  return (
    <Text size="xs" c="dimmed" title="The right answer is among these in 95 of 100 items">
      {doubt}
    </Text>
  );
}

export const ResultRow = memo(function ResultRow({ row, task, note, onNote }: Props) {
  const [opened, setOpened] = useState(false);
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  const corrected = saysSomething(note, row.answer.prediction);
  return (
    <>
      <Table.Tr className={classes.row} data-corrected={corrected || undefined} data-item={row.answer.id}>
        <Table.Td className={classes.expand}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Explain item ${row.place}`}
            aria-expanded={opened}
            onClick={() => setOpened(!opened)}
          >
            <Chevron size={16} aria-hidden />
          </ActionIcon>
        </Table.Td>
        <Table.Td className={classes.item}>
          <Text size="xs" c="dimmed">
            {row.place}
          </Text>
          <Text size="sm" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
            <Excerpt row={row} />
          </Text>
        </Table.Td>
        <Table.Td className={classes.answer}>
          {onNote ? (
            <Answer row={row} task={task} note={note} onNote={onNote} />
          ) : (
            <Delivered answer={row.answer} task={task} />
          )}
          <Doubt answer={row.answer} editable={onNote !== undefined} />
        </Table.Td>
        <Table.Td className={classes.confidence}>
          <Confidence value={row.answer.confidence} />
        </Table.Td>
      </Table.Tr>
      {opened && (
        <Table.Tr className={classes.details}>
          <Table.Td colSpan={4} p={0}>
            <Explanation row={row} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
});
