import { Text, UnstyledButton } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import { FilePreview } from '../../../../components/media/file-preview.tsx';
import type { Task } from '../../../../lib/api/types.ts';
import { cellText, columnsOfRows, hasMedia, mediaOfRow } from '../../columns.ts';
import { useFileNames } from '../../file-names.ts';
import { saysSomething, type Note, type Notes } from '../../review.ts';
import type { Row } from '../../use-rows.ts';
import { Confidence } from './confidence.tsx';
import { Delivered } from './delivered.tsx';
import classes from './review-table.module.css';

const ROW_PX = 36;
/** With a thumbnail of 56 px. */
const MEDIA_ROW_PX = 64;
/** The head stays at the top of what scrolls: `.head` in the style sheet. */
const HEAD_PX = 38;

interface LineProps {
  readonly row: Row;
  readonly task: Task;
  readonly columns: readonly string[];
  readonly media: boolean;
  readonly note: Note | undefined;
  readonly open: boolean;
  /** Place in the table, from 1. */
  readonly position: number;
  readonly start: number;
  readonly height: number;
  readonly onOpen: (id: string) => void;
}

const Line = memo(function Line({
  row,
  task,
  columns,
  media,
  note,
  open,
  position,
  start,
  height,
  onOpen,
}: LineProps) {
  const nameOf = useFileNames();
  const { answer, place } = row;
  return (
    <div
      role="row"
      aria-rowindex={position + 1}
      aria-selected={open}
      className={classes.row}
      data-corrected={saysSomething(note, answer.prediction) || undefined}
      style={{ height, transform: `translateY(${start}px)` }}
      onClick={() => onOpen(answer.id)}
    >
      <div role="cell">
        <UnstyledButton
          className={classes.place}
          tabIndex={open ? 0 : -1}
          aria-label={`Open item ${place}`}
          aria-pressed={open}
        >
          {place}
        </UnstyledButton>
      </div>
      {media && (
        <div role="cell" className={`${classes.cell} ${classes.media}`}>
          {mediaOfRow(row, nameOf).map(({ field, name, drawable }) => (
            <span key={field} className={classes.medium}>
              {drawable && <FilePreview medium={drawable} label="" />}
              <span className={classes.cell}>{name}</span>
            </span>
          ))}
        </div>
      )}
      {columns.map((column) => (
        <div role="cell" key={column} className={classes.cell}>
          {cellText(row, column)}
        </div>
      ))}
      {columns.length === 0 && !media && (
        <div role="cell" className={classes.cell}>
          {row.item ? answer.id : '…'}
        </div>
      )}
      <div role="cell" className={classes.cell}>
        <Delivered answer={answer} task={task} note={note} />
      </div>
      <div role="cell">
        <Confidence value={answer.confidence} />
      </div>
    </div>
  );
});

interface Props {
  readonly task: Task;
  /** In the order to show. */
  readonly rows: readonly Row[];
  readonly notes: Notes;
  readonly openId: string | undefined;
  readonly onOpen: (id: string) => void;
}

/** The answers as a table with the columns of the data; only the visible rows are rendered. */
export function ReviewTable({ task, rows, notes, openId, onOpen }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const columns = columnsOfRows(rows);
  const media = hasMedia(rows);
  const rowHeight = media ? MEDIA_ROW_PX : ROW_PX;
  const fields = [...(media ? ['File'] : []), ...columns];
  const shown = fields.length > 0 ? fields : ['Item'];
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoized by a compiler
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: HEAD_PX,
    scrollPaddingStart: HEAD_PX,
  });
  // The items, and with them the media, come after the answers.
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  const openIndex = rows.findIndex(({ answer }) => answer.id === openId);
  useEffect(() => {
    if (openIndex >= 0) virtualizer.scrollToIndex(openIndex, { align: 'auto' });
  }, [virtualizer, openIndex]);
  if (rows.length === 0)
    return (
      <Text c="dimmed" ta="center" py="lg">
        No answers match.
      </Text>
    );
  return (
    <div
      ref={scroller}
      role="table"
      aria-label="Answers"
      aria-rowcount={rows.length + 1}
      className={classes.scroller}
      tabIndex={0}
      style={{ '--fields': shown.length } as React.CSSProperties}
    >
      <div role="row" aria-rowindex={1} className={classes.head}>
        {['#', ...shown, task.target ?? 'Answer', 'Confidence'].map((name, index) => (
          <div role="columnheader" key={`${index} ${name}`} className={classes.cell}>
            {name}
          </div>
        ))}
      </div>
      <div role="rowgroup" style={{ position: 'relative', height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = rows[index]!;
          return (
            <Line
              key={row.answer.id}
              row={row}
              task={task}
              columns={columns}
              media={media}
              note={notes.get(row.answer.id)}
              open={row.answer.id === openId}
              position={index + 1}
              start={start - HEAD_PX}
              height={rowHeight}
              onOpen={onOpen}
            />
          );
        })}
      </div>
    </div>
  );
}
