import { Group, Pagination, Stack, Table, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { Task } from '../../../../lib/api/types.ts';
import { count, number } from '../../../../lib/format.ts';
import { orderRows, type View } from '../../order-rows.ts';
import type { Note, Notes } from '../../review.ts';
import type { Row } from '../../use-rows.ts';
import { ResultRow } from './result-row.tsx';
import classes from './results-table.module.css';
import { ViewControls } from './view-controls.tsx';

const PAGE = 25;
const FEW = 30;

interface Props {
  task: Task;
  rows: readonly Row[];
  notes: Notes;
  onNote?: (id: string, note: Note | undefined) => void;
}

const answersIn = (rows: readonly Row[]): string[] => {
  const answers = new Set(rows.map(({ answer }) => String(answer.prediction)));
  return answers.size > FEW ? [] : [...answers].sort();
};

/** The answers, in pages. */
export function ResultsTable({ task, rows, notes, onNote }: Props) {
  const [view, setView] = useState<View>({ order: 'task', show: 'all', answer: null });
  const [page, setPage] = useState(1);
  const answers = useMemo(() => answersIn(rows), [rows]);
  const ordered = orderRows(rows, notes, view);
  const pages = Math.max(1, Math.ceil(ordered.length / PAGE));
  const current = Math.min(page, pages);
  const shown = ordered.slice((current - 1) * PAGE, current * PAGE);
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <ViewControls
          view={view}
          answers={answers}
          onChange={(next) => {
            setView(next);
            setPage(1);
          }}
        />
        <Text size="sm" c="dimmed" role="status">
          {ordered.length === rows.length
            ? `${count(rows.length, 'answer')} of ${number(task.item_count)}`
            : `${count(ordered.length, 'answer')} shown`}
        </Text>
      </Group>
      <Table className={classes.table} verticalSpacing="xs" aria-label="Answers">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <span className="visually-hidden">Explanation</span>
            </Table.Th>
            <Table.Th>Item</Table.Th>
            <Table.Th>Answer</Table.Th>
            <Table.Th>Confidence</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map((row) => (
            <ResultRow
              key={row.answer.id}
              row={row}
              task={task}
              note={notes.get(row.answer.id)}
              {...(onNote && { onNote })}
            />
          ))}
        </Table.Tbody>
      </Table>
      {shown.length === 0 && (
        <Text c="dimmed" ta="center" py="lg">
          No answers match.
        </Text>
      )}
      {pages > 1 && (
        <Group justify="center">
          <Pagination
            total={pages}
            value={current}
            onChange={setPage}
            getControlProps={(control) => ({ 'aria-label': `${control} page` })}
          />
        </Group>
      )}
    </Stack>
  );
}
