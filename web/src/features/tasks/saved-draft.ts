import type { CreateTask } from '../../lib/api/types.ts';
import type { Draft } from './draft.ts';
import { isClassWeight } from './label-options.ts';
import { EMPTY_DRAFT } from './use-draft.ts';

/** A new task as stored in this browser until it is posted. */
export interface SavedDraft {
  /** Also the `Idempotency-Key` of its request, so that one draft makes at most one task. */
  readonly id: string;
  readonly values: Draft;
  /** Ids of the attached files. */
  readonly files: readonly string[];
  /** Ids of the files for which the target column was last inferred. */
  readonly guessed_for: readonly string[];
  /** Bodies sent without a response, newest first. */
  readonly unanswered: readonly CreateTask[];
  /** Id of the task that was posted from it; then it is no longer a draft. */
  readonly posted?: string;
}

export const newDraft = (): SavedDraft => ({
  id: crypto.randomUUID(),
  values: EMPTY_DRAFT,
  files: [],
  guessed_for: [],
  unanswered: [],
});

const isText = (value: unknown): value is string => typeof value === 'string';
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter(isText) : []);

/** Number fields hold an empty text while they are empty. */
const NUMBER_FIELDS = new Set<string>([
  'review_window_hours',
  'max_price_satoshis',
] satisfies (keyof Draft)[]);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTextOrNumber = (value: unknown): boolean => isText(value) || typeof value === 'number';

/** Fields by label: what their values must be. */
const RECORD_FIELDS: ReadonlyMap<string, (value: unknown) => boolean> = new Map<
  keyof Draft,
  (value: unknown) => boolean
>([
  ['label_descriptions', isText],
  ['label_costs', isTextOrNumber],
]);

/** Whether a stored value has the type of the form's empty value. */
function fits(name: string, value: unknown, empty: unknown): boolean {
  if (NUMBER_FIELDS.has(name)) return isTextOrNumber(value);
  const isValue = RECORD_FIELDS.get(name);
  if (isValue) return isRecord(value) && Object.values(value).every(isValue);
  if (name === 'class_weight') return isClassWeight(value);
  const list = Array.isArray(value) && value.every(isText);
  if (empty === null) return value === null || isText(value) || list;
  if (Array.isArray(empty)) return list;
  return typeof value === typeof empty;
}

/** The stored values; fields that an older page has not written are empty. */
function valuesOf(stored: unknown): Draft {
  const known = new Map<string, unknown>(
    typeof stored === 'object' && stored !== null ? (Object.entries(stored) as [string, unknown][]) : [],
  );
  const fields = Object.entries(EMPTY_DRAFT).map(([name, empty]: [string, unknown]): [string, unknown] => {
    const value = known.get(name);
    return [name, fits(name, value, empty) ? value : empty];
  });
  return Object.fromEntries(fields) as unknown as Draft; // each field has passed `fits`
}

/** @returns undefined if there is no draft */
export function parseDraft(stored: unknown): SavedDraft | undefined {
  if (typeof stored !== 'object' || stored === null || !('id' in stored) || !isText(stored.id))
    return undefined;
  const record = stored as Partial<Record<keyof SavedDraft, unknown>>;
  return {
    id: stored.id,
    values: valuesOf(record.values),
    files: texts(record.files),
    guessed_for: texts(record.guessed_for),
    unanswered: Array.isArray(record.unanswered) ? (record.unanswered as CreateTask[]) : [],
    ...(isText(record.posted) && { posted: record.posted }),
  };
}
