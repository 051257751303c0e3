import { useMemo } from 'react';
import { allItems } from '../../lib/api/pages.ts';
import type { Item, Result, ResultItem } from '../../lib/api/types.ts';
import { useAllPages } from '../../lib/api/use-all-pages.ts';
import { useResultItems } from './api/list-result-items.ts';
import { useTaskItems } from '../../lib/api/task-items.ts';

/** An answered item with its question. */
export interface Row {
  readonly answer: ResultItem;
  /** Position in the task, from 1. */
  readonly place: number;
  /** Undefined until it is loaded. */
  readonly item: Item | undefined;
}

/**
 * All answers of a result, loaded page by page and joined with their items. The first ones came with the result itself, so
 * they are there at once.
 */
export function useRows(taskId: string, { id: resultId, items: firstAnswers }: Pick<Result, 'id' | 'items'>) {
  const answers = useResultItems(resultId);
  const items = useTaskItems(taskId);
  useAllPages(answers);
  useAllPages(items);
  const rows = useMemo((): Row[] => {
    const asked = new Map((items.data ? allItems(items.data) : []).map((item) => [item.id, item]));
    return (answers.data ? allItems(answers.data) : firstAnswers).map((answer, index) => ({
      answer,
      place: index + 1,
      item: asked.get(answer.id),
    }));
  }, [answers.data, items.data, firstAnswers]);
  return { rows, answers, items };
}
