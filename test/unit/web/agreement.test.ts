import { expect, it } from 'vitest';
import { CreateTaskBody } from '../../../contracts/api/tasks.ts';
import { Password } from '../../../contracts/api/identity.ts';
import type { ColumnType, ReadyFile } from '../../../contracts/entities/file.ts';
import { measureTask } from '../../../lambdas/tasks/measure.ts';
import { passwordError } from '../../../web/src/features/identity/password-rules.ts';
import { createBody, draftCounts, suggestedKind, type Draft } from '../../../web/src/features/tasks/draft.ts';

/** What the page tells before the server is asked must be what the server then does. */

it('takes the passwords that the contract takes', () => {
  const samples = [
    '',
    'short1A',
    'ElevenChar1',
    'TwelveChars1',
    'alllowercase12',
    'ALLUPPERCASE12',
    'NoDigitsInHere',
    'DukeNET-local-1',
    `Aa1${'x'.repeat(254)}`,
  ];
  for (const password of samples)
    expect([password, passwordError(password) === null]).toEqual([
      password,
      Password.safeParse(password).success,
    ]);
});

const id = '018f0000-0000-7000-8000-000000000001';
const csv = (rows: number, type: ColumnType, filled: number, values?: string[]): ReadyFile => ({
  id,
  owner_id: id,
  filename: 'mails.csv',
  content_type: 'text/csv',
  file_type: 'csv',
  size_bytes: 1,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  status: 'ready',
  metadata: {
    file_type: 'csv',
    encoding: 'utf-8',
    sha256: 'a'.repeat(64),
    delimiter: ',',
    rows,
    columns: [
      { name: 'text', type: 'text', filled: rows },
      { name: 'label', type, filled, ...(values && { values }) },
    ],
  },
});

it.each([
  ['labels', csv(240, 'text', 40, ['ham', 'spam'])],
  ['numbers', csv(9, 'integer', 4, ['1', '2'])],
  ['free text', csv(9, 'text', 4)],
  ['true or false', csv(9, 'boolean', 4, ['false', 'true'])],
])('counts and understands a table of %s as the server does', (_what, stored) => {
  const file = { ...stored, used_by_tasks: [] };
  const draft: Draft = {
    source: 'files',
    text: '',
    description: 'x',
    complexity: 10,
    target: 'label',
    kind: null,
    labels: [],
    missing: null,
    allow_training: true,
    review_window_hours: 24,
    max_price_satoshis: '',
  };
  const { kind: _sent, ...body } = createBody(draft, [file]);
  const measured = measureTask(CreateTaskBody.parse(body), [stored]);
  expect(draftCounts(draft, [file])).toEqual({ items: measured.itemCount, examples: measured.exampleCount });
  expect(suggestedKind(draft, [file])).toBe(measured.kind);
});
