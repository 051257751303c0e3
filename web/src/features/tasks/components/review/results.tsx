import { Drawer, Grid, Group, Paper, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useMemo, useRef, useState } from 'react';
import { KeyHelp } from '../../../../components/key-help.tsx';
import type { Task } from '../../../../lib/api/types.ts';
import { count, number } from '../../../../lib/format.ts';
import { orderRows, type View } from '../../order-rows.ts';
import type { Note, Notes } from '../../review.ts';
import type { Row } from '../../use-rows.ts';
import { ItemPanel } from './item-panel.tsx';
import { ReviewTable } from './review-table.tsx';
import classes from './results.module.css';
import { REVIEW_HINTS, useReviewKeys } from './use-review-keys.ts';
import { ViewControls } from './view-controls.tsx';

/** With more different answers than this, choosing one to see only it is no help. */
const MAX_ANSWERS = 30;
const NARROW = '(max-width: 62em)';

interface Props {
  readonly task: Task;
  readonly rows: readonly Row[];
  readonly notes: Notes;
  readonly onNote?: (id: string, note: Note | undefined) => void;
}

const answersIn = (rows: readonly Row[]): string[] => {
  const answers = new Set(rows.map(({ answer }) => String(answer.prediction)));
  return answers.size > MAX_ANSWERS ? [] : [...answers].sort();
};

/** The answers as a table, the least sure first, and the open one beside it. */
export function Results({ task, rows, notes, onNote }: Props) {
  const [view, setView] = useState<View>({ order: 'unsure', show: 'all', answer: null });
  const [chosen, setChosen] = useState<string>();
  const [drawer, setDrawer] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const narrow = useMediaQuery(NARROW, false);
  const answers = useMemo(() => answersIn(rows), [rows]);
  const ordered = orderRows(rows, notes, view);
  const index = Math.max(
    ordered.findIndex(({ answer }) => answer.id === chosen),
    0,
  );
  const row = ordered[index];
  const open = (id: string) => {
    setChosen(id);
    setDrawer(true);
  };
  useReviewKeys({
    task,
    row,
    onNote,
    onMove: (step) => {
      whole.current?.scrollIntoView({ block: 'nearest' });
      const next = ordered[Math.min(Math.max(index + step, 0), ordered.length - 1)];
      if (next) setChosen(next.answer.id);
    },
    onEdit: () => panel.current?.querySelector<HTMLElement>('input, textarea')?.focus(),
  });
  const item = row && (
    <ItemPanel
      key={row.answer.id}
      row={row}
      task={task}
      note={notes.get(row.answer.id)}
      {...(onNote && { onNote })}
    />
  );
  return (
    <Stack gap="sm" ref={whole}>
      <Group justify="space-between">
        <ViewControls view={view} answers={answers} onChange={setView} />
        <Group gap={4}>
          <Text size="sm" c="dimmed" role="status">
            {ordered.length === rows.length
              ? `${count(rows.length, 'answer')} of ${number(task.item_count)}`
              : `${count(ordered.length, 'answer')} shown`}
          </Text>
          <KeyHelp hints={REVIEW_HINTS} />
        </Group>
      </Group>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <ReviewTable task={task} rows={ordered} notes={notes} openId={row?.answer.id} onOpen={open} />
        </Grid.Col>
        {!narrow && row && (
          <Grid.Col span={5}>
            <Paper
              ref={panel}
              withBorder
              p="md"
              className={classes.panel}
              component="aside"
              aria-label="The open answer"
              tabIndex={0}
            >
              {item}
            </Paper>
          </Grid.Col>
        )}
      </Grid>
      {narrow && (
        <Drawer
          opened={drawer && row !== undefined}
          onClose={() => setDrawer(false)}
          position="bottom"
          size="85%"
          title="The open answer"
        >
          {item}
        </Drawer>
      )}
    </Stack>
  );
}
