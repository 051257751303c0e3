import { describe, expect, it } from 'vitest';
import type { File as StoredFile } from '../../lib/api/types.ts';
import {
  answerOfFiles,
  columnsOf,
  createBody,
  draftSize,
  guessTarget,
  separateLabels,
  suggestedKind,
  targetColumn,
  type Draft,
} from './draft.ts';
import { EMPTY_DRAFT } from './use-draft.ts';

type Metadata = NonNullable<StoredFile['metadata']>;
type Columns = Extract<Metadata, { rows: number }>['columns'];

let made = 0;
const file = (metadata: Metadata): StoredFile => ({
  id: `018f0000-0000-7000-8000-${String((made += 1)).padStart(12, '0')}`,
  filename: 'a',
  content_type: 'text/csv',
  file_type: metadata.file_type,
  size_bytes: 1,
  status: 'ready',
  metadata,
  used_by_tasks: [],
  created_at: '2026-01-01T00:00:00.000Z',
});
const inspected = { encoding: 'utf-8', sha256: 'a'.repeat(64) };
const table = (rows: number, columns: Columns, blank_rows?: number) =>
  file({
    file_type: 'csv',
    ...inspected,
    delimiter: ',',
    rows,
    columns,
    ...(blank_rows !== undefined && { blank_rows }),
  });
const text = () => file({ file_type: 'text', ...inspected, characters: 5, lines: 1 });

const mailColumns: Columns = [
  { name: 'text', type: 'text', filled: 240 },
  { name: 'label', type: 'text', filled: 40, values: ['ham', 'spam'] },
];
const mails = table(240, mailColumns);
const draft: Draft = { ...EMPTY_DRAFT, description: ' Sort the mails ', target: 'label' };

describe('a draft', () => {
  it('keeps labels and kind if more files become ready and the column is the same', () => {
    const pictures = { ...EMPTY_DRAFT, labels: ['cat', 'dog'], kind: 'classification' as const };
    expect(answerOfFiles(pictures, [text(), text()])).toEqual({});
    expect(answerOfFiles({ ...draft, labels: ['ham', 'spam', 'news'] }, [mails, text()])).toEqual({});
    const chosen = table(3, [{ name: 'city', type: 'text', filled: 3 }]);
    expect(answerOfFiles({ ...draft, target: 'city' }, [chosen])).toEqual({});
  });

  it('resets the answer if the files have another column to fill in, or none', () => {
    const begun = {
      ...{ kind: null, labels: [], missing: null },
      ...{ label_descriptions: {}, class_weight: '', label_costs: {} },
    };
    expect(answerOfFiles({ ...EMPTY_DRAFT, labels: ['cat', 'dog'] }, [mails])).toEqual({
      target: 'label',
      ...begun,
    });
    expect(answerOfFiles(draft, [text()])).toEqual({ target: null, ...begun });
  });

  it('guesses the column to fill in', () => {
    expect(guessTarget([mails])).toBe('label');
    expect(guessTarget([table(3, [{ name: 'label', type: 'text', filled: 3 }])])).toBeNull();
    const two = [
      { name: 'note', type: 'text', filled: 1 },
      { name: 'Category', type: 'text', filled: 2 },
    ] satisfies Columns;
    expect(guessTarget([table(3, two)])).toBe('Category');
    expect(guessTarget([table(3, [two[0]!, { ...two[1]!, name: 'other' }])])).toBeNull();
    expect(guessTarget([])).toBeNull();
  });

  it('counts items and examples', () => {
    const counts = (files: StoredFile[], target: string | null) => draftSize({ ...draft, target }, files);
    expect(counts([mails], 'label')).toEqual({ items: 200, examples: 40 });
    expect(counts([mails], null)).toEqual({ items: 240, examples: 0 });
    expect(counts([mails, table(10, [])], 'label')).toEqual({ items: 210, examples: 40 });
    expect(counts([text(), text()], null)).toEqual({ items: 2, examples: 0 });
    expect(counts([mails, text()], 'label')).toEqual({ items: 200, examples: 40 });
    expect(counts([table(240, mailColumns, 3)], 'label')).toEqual({ items: 197, examples: 40 });
  });

  it('merges columns of one name over all tables', () => {
    const more = table(5, [{ name: 'label', type: 'text', filled: 1, values: ['eggs'] }]);
    const column = columnsOf([mails, more]).find(({ name }) => name === 'label');
    expect(column).toEqual({ name: 'label', type: 'text', filled: 41, values: ['eggs', 'ham', 'spam'] });
    const many = table(5, [{ name: 'label', type: 'text', filled: 5 }]);
    expect(columnsOf([mails, many])[1]).toEqual({ name: 'label', type: 'text', filled: 45, sample: 'ham' });
  });

  it('suggests the kind of answer', () => {
    expect(suggestedKind(draft, [mails])).toBe('classification');
    const stars = table(9, [
      { name: 'label', type: 'integer', filled: 4, values: ['1', '2'], min: 1, max: 2 },
    ]);
    expect(suggestedKind(draft, [stars])).toBe('classification');
    const prices = table(9, [
      { name: 'label', type: 'number', filled: 4, values: ['1.5', '2.25', '7.1', '9.9'] },
    ]);
    expect(suggestedKind(draft, [prices])).toBe('regression');
    const words = table(9, [{ name: 'label', type: 'text', filled: 4 }]);
    expect(suggestedKind(draft, [words])).toBe('generation');
    expect(suggestedKind({ ...draft, labels: ['a', 'b'] }, [words])).toBe('classification');
  });

  it('lets the buyer choose which texts count as blank', () => {
    const file = table(9, [
      {
        name: 'label', type: 'integer', filled: 4, values: ['2', '30', '400', '5000'], min: 2, max: 5000,
        missing: ['NA'], look_missing: [{ text: 'NA', count: 3 }, { text: '-', count: 1 }],
      },
    ]); // prettier-ignore
    expect(draftSize(draft, [file])).toEqual({ items: 5, examples: 4 });
    const kept = { ...draft, missing: [] };
    expect(draftSize(kept, [file])).toEqual({ items: 2, examples: 7 });
    expect(targetColumn(kept, [file])).toMatchObject({
      type: 'text',
      values: ['2', '30', '400', '5000', 'NA'],
    });
    expect(createBody(kept, [file])).toMatchObject({ missing: [] });
    expect(createBody(draft, [file])).not.toHaveProperty('missing');
  });

  it('is converted to the body of the request', () => {
    expect(createBody(draft, [mails])).toEqual({
      description: 'Sort the mails',
      complexity: 1,
      kind: 'classification',
      target: 'label',
      files: [mails.id],
      items: [],
      examples: [],
      allow_training: true,
      review_window_hours: 24,
    });
    const typed: Draft = { ...draft, source: 'text', text: 'one\n\n two \n', labels: ['a', 'b'] };
    expect(createBody({ ...typed, max_price_satoshis: 300_000 }, [mails])).toMatchObject({
      labels: ['a', 'b'],
      files: [],
      items: [{ fields: { text: 'one' } }, { fields: { text: 'two' } }],
      max_price_satoshis: 300_000,
    });
    expect(createBody(typed, [mails])).not.toHaveProperty('target');
  });

  it('splits typed labels at commas', () => {
    expect(separateLabels(['spam, ham', 'ham', ' eggs;'])).toEqual(['spam', 'ham', 'eggs']);
  });
});
