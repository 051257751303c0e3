import { useForm, type UseFormReturnType } from '@mantine/form';
import { MIN_LABELS, REVIEW_HOURS } from '../../../../contracts/limits.ts';
import type { File as StoredFile } from '../../lib/api/types.ts';
import { draftSize, labelsOf, suggestedKind, type Draft } from './draft.ts';

/** Paths of the request body whose errors the form shows. */
export const FIELDS = [
  'description',
  'complexity',
  'kind',
  'labels',
  'label_descriptions',
  'class_weight',
  'target',
  'missing',
  'files',
  'items',
  'text',
  'output_columns',
  'review_below',
  'review_window_hours',
  'max_price_satoshis',
] as const;

export const EMPTY_DRAFT: Draft = {
  source: 'files',
  text: '',
  description: '',
  complexity: 1,
  target: null,
  kind: null,
  labels: [],
  label_descriptions: {},
  class_weight: '',
  label_costs: {},
  missing: null,
  output_columns: [],
  allow_training: true,
  review_below: '',
  review_window_hours: REVIEW_HOURS.default,
  max_price_satoshis: '',
};

/** A request is limited to one megabyte; some characters take several bytes. */
const MAX_TYPED = 500_000;
const TOO_MUCH_TYPED =
  'This is too much to paste: save it as a CSV file with a column “text”, and add that file';

function labelsError(draft: Draft, files: readonly StoredFile[]): string | null {
  if ((draft.kind ?? suggestedKind(draft, files)) !== 'classification') return null;
  return labelsOf(draft, files).length >= MIN_LABELS ? null : 'Name at least two labels to choose from';
}

function sourceErrors(draft: Draft, files: readonly StoredFile[], busy: boolean): Record<string, string> {
  const { items, examples } = draftSize(draft, files);
  if (draft.source === 'text') {
    if (draft.text.length > MAX_TYPED) return { text: TOO_MUCH_TYPED };
    return items === 0 ? { text: 'Enter at least one line' } : {};
  }
  if (busy) return { files: 'Wait until every file is ready, or remove it' };
  if (files.length === 0) return { files: 'Add at least one file' };
  if (items > 0) return {};
  return examples > 0
    ? { target: 'Every row has its answer already: leave it blank where it is to be filled in' }
    : { files: 'There are no rows' };
}

function validate(draft: Draft, files: readonly StoredFile[], busy: boolean): Record<string, string> {
  const labels = labelsError(draft, files);
  const hours = Number(draft.review_window_hours);
  return {
    ...sourceErrors(draft, files, busy),
    ...(!draft.description.trim() && { description: 'Say what should be done' }),
    ...(labels && { labels }),
    ...(!(hours >= REVIEW_HOURS.min && hours <= REVIEW_HOURS.max) && {
      review_window_hours: `Between ${REVIEW_HOURS.min} and ${REVIEW_HOURS.max} hours`,
    }),
  };
}

/** State of the form of a new task with its ready files; `busy` while others are being uploaded. */
export const useDraft = (initialValues: Draft, files: readonly StoredFile[], busy: boolean) =>
  useForm<Draft>({ initialValues, validate: (draft) => validate(draft, files, busy) });

export type DraftForm = UseFormReturnType<Draft>;
