import { Paper, Text, UnstyledButton } from '@mantine/core';
import { IconAlertCircle, IconCheck, IconCircle, IconCircleCheck } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { Item } from '../../../../lib/api/types.ts';
import type { WorkAnswers } from '../../work-answers.ts';
import classes from './execution.module.css';

const ROW_PX = 36;
const EXCERPT_CHARACTERS = 80;

/** What an item is recognised by in a list: its first text, else the names of its media. */
function excerptOf({ id, fields, media }: Item): string {
  const value = Object.values(fields).find((one) => one !== null && one !== '');
  if (value !== undefined) return String(value).slice(0, EXCERPT_CHARACTERS);
  return Object.keys(media ?? {}).join(', ') || id;
}

interface Props {
  readonly items: readonly Item[];
  readonly current: number;
  readonly answers: WorkAnswers;
  readonly errors: ReadonlyMap<string, string>;
  readonly onOpen: (index: number) => void;
}

function State({ answers, errors, id }: Pick<Props, 'answers' | 'errors'> & { readonly id: string }) {
  const answer = answers.get(id);
  if (errors.has(id))
    return <IconAlertCircle size={16} color="var(--mantine-color-error)" aria-label="refused" />;
  if (answer?.sent) return <IconCircleCheck size={16} className="gain" aria-label="sent" />;
  if (answer) return <IconCheck size={16} aria-label="answered" />;
  return <IconCircle size={16} color="var(--mantine-color-dimmed)" aria-label="open" />;
}

/** All items of the task with what became of each; only the visible rows are rendered. */
export function ItemList({ items, current, answers, errors, onOpen }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoized, by hand or by a compiler
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
  });
  useEffect(() => virtualizer.scrollToIndex(current, { align: 'auto' }), [virtualizer, current]);
  return (
    <Paper withBorder p={6} component="nav" aria-label="Items" visibleFrom="md">
      <div ref={scroller} className={classes.list}>
        <div style={{ position: 'relative', height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const item = items[index]!;
            return (
              <UnstyledButton
                key={item.id}
                className={classes.row}
                style={{ height: ROW_PX, transform: `translateY(${start}px)` }}
                aria-current={index === current ? 'true' : undefined}
                onClick={() => onOpen(index)}
              >
                <State answers={answers} errors={errors} id={item.id} />
                <Text span size="xs" c="dimmed" className="tabular">
                  {index + 1}
                </Text>
                <span className={classes.excerpt}>{excerptOf(item)}</span>
              </UnstyledButton>
            );
          })}
        </div>
      </div>
    </Paper>
  );
}
