import { useMemo } from 'react';
import { allItems } from '../../lib/api/pages.ts';
import type { Item, ResultItem } from '../../lib/api/types.ts';
import { useAllPages } from '../../lib/api/use-all-pages.ts';
import { useResultItems } from './api/list-result-items.ts';
import { useTaskItems } from './api/list-task-items.ts';

/** An answered item beside what was asked. */
export interface Row {
  answer: ResultItem;
  /** Place in the task, from 1. */
  place: number;
  fields: Item['fields'] | undefined;
}

/** All answers of a result, page after page, joined with the items they answer. */
export function useRows(taskId: string, resultId: string) {
  const answers = useResultItems(resultId);
  const items = useTaskItems(taskId);
  useAllPages(answers);
  useAllPages(items);
  const rows = useMemo((): Row[] => {
    const fields = new Map((items.data ? allItems(items.data) : []).map((item) => [item.id, item.fields]));
    return (answers.data ? allItems(answers.data) : []).map((answer, index) => ({
      answer,
      place: index + 1,
      fields: fields.get(answer.id),
    }));
  }, [answers.data, items.data]);
  return { rows, answers, items };
}
