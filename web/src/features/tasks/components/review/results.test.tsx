// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Result, Task } from '../../../../lib/api/types.ts';
import { renderWithProviders } from '../../../../testing/render.tsx';
import { FileNames } from '../../file-names.ts';
import { unsureRows } from '../../order-rows.ts';
import { correctionsOf, NO_REVIEW, withNote } from '../../review.ts';
import type { Row } from '../../use-rows.ts';
import { Results } from './results.tsx';
import { VerdictBar } from './verdict-bar.tsx';

afterEach(cleanup);

/** Without waiting between keys, and without asking jsdom for computed styles before each click. */
const typist = () => userEvent.setup({ delay: null, pointerEventsCheck: 0 });
let user = typist();
beforeEach(() => {
  user = typist();
});

const task = {
  id: 't',
  kind: 'classification',
  labels: ['spam', 'ham'],
  item_count: 3,
  price_satoshis: 200_000,
  assigned_agent: 'duke-mm',
} as Task;
const rowOf = (place: number, confidence: number, fields: Record<string, string> = {}): Row => ({
  place,
  item: { id: `f:${place}`, fields: { text: `mail ${place}`, ...fields } },
  answer: {
    id: `f:${place}`,
    prediction: 'spam',
    confidence,
    explanation: {
      summary: 'Close to other spam.',
      words: [{ word: 'prize', weight: 0.4 }],
      nearest: [{ id: 'f:9', expected: 'spam', similarity: 0.8, excerpt: 'You win' }],
    },
  },
});
/** The least sure one is the last of the task. */
const rows = [rowOf(1, 0.95), rowOf(2, 0.9), rowOf(3, 0.6)];

function Review({ of = task, all = rows }: { of?: Task; all?: readonly Row[] }) {
  const [draft, setDraft] = useState(NO_REVIEW);
  const corrections = correctionsOf(
    all.map(({ answer }) => answer),
    draft.notes,
  );
  return (
    <>
      <Results
        task={of}
        rows={all}
        notes={draft.notes}
        onNote={(id, note) => setDraft((before) => ({ ...before, notes: withNote(before.notes, id, note) }))}
      />
      <VerdictBar
        task={of}
        result={{ id: 'r', item_count: all.length } as Result}
        corrections={corrections}
        unsure={unsureRows(all, draft.notes)}
        complete
        draft={draft}
        saving="kept"
        onChange={setDraft}
        onJudged={() => undefined}
      />
    </>
  );
}

const table = () => within(screen.getByRole('table', { name: 'Answers' }));
const openRow = () => table().getByRole('button', { pressed: true }).textContent;
const lines = () =>
  table()
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.textContent);

it('shows the columns of the data, the least sure answer first and open', () => {
  const all = [rowOf(1, 0.9, { sender: 'ann' }), rowOf(2, 0.5, { sender: 'bob' })];
  renderWithProviders(<Review all={all} />);
  expect(
    table()
      .getAllByRole('columnheader')
      .map((cell) => cell.textContent),
  ).toEqual(['#', 'text', 'sender', 'Answer', 'Confidence']);
  expect(lines()).toEqual(['2mail 2bobspam50 %', '1mail 1annspam90 %']);
  expect(openRow()).toBe('2');
});

it('corrects by keyboard: labels by number, j and k move, u undoes', async () => {
  renderWithProviders(<Review />);
  await user.keyboard('2');
  expect(screen.getByText('1 answer corrected or refused: 33 %')).toBeTruthy();
  expect(openRow()).toBe('2'); // after the least sure one the next sure one
  await user.keyboard('1'); // what was delivered is no correction
  expect(screen.getByText('1 answer corrected or refused: 33 %')).toBeTruthy();
  expect(openRow()).toBe('1');
  await user.keyboard('kk');
  expect(openRow()).toBe('3');
  await user.keyboard('u');
  expect(screen.getByText(/^Correct or refuse answers above/)).toBeTruthy();
});

it('edits with Enter, without handling typed text as shortcuts', async () => {
  const texts = { ...task, kind: 'generation' as const };
  renderWithProviders(<Review of={texts} />);
  await user.keyboard('{Enter}');
  const field = screen.getByRole('textbox', { name: 'Answer of item 3' });
  expect(document.activeElement).toBe(field);
  await user.type(field, ' jku');
  expect(openRow()).toBe('3');
  expect(screen.getByText('1 answer corrected or refused: 33 %')).toBeTruthy();
});

it('rejects with a reason, and shows the refund', async () => {
  renderWithProviders(<Review />);
  const reject = screen.getByRole('button', { name: 'Reject' });
  expect(reject).toHaveProperty('disabled', true);
  await user.click(table().getByRole('button', { name: 'Open item 2' }));
  await user.click(screen.getByRole('button', { name: 'Refuse item 2' }));
  expect(screen.queryByText(/corrected or refused:/)).toBeNull(); // a refusal without a reason says nothing yet
  await user.type(screen.getByRole('textbox', { name: 'Reason to refuse item 2' }), 'neither');
  expect(screen.getByText(/A rejection returns 66,666 sat/)).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Put back the answer of item 2' }));
  expect(reject).toHaveProperty('disabled', true);
});

it('warns before money moves that unsure answers were not corrected', async () => {
  renderWithProviders(<Review />);
  await user.click(screen.getByRole('button', { name: 'Accept' }));
  const dialog = await screen.findByRole('dialog', { name: 'Accept this result?' });
  expect(dialog.textContent).toContain('1 answer is at most 70 % sure, and you have not corrected it.');
});

it('shows the interval of a number, and the alternatives of a label', () => {
  const answers = [
    { ...rows[0]!.answer, prediction: 135, interval: [128, 142] as [number, number], confidence: 0.1 },
    { ...rows[1]!.answer, label_set: ['spam', 'ham'], confidence: 0.1 },
  ];
  for (const [i, text] of ['128 to 142', 'could also be ham'].entries()) {
    const all = [{ ...rows[i]!, answer: answers[i]! }];
    renderWithProviders(<Results task={task} rows={all} notes={NO_REVIEW.notes} />);
    expect(screen.getByText(text)).toBeTruthy();
    cleanup();
  }
});

it('names the files of an item, also if it has nothing else', () => {
  const id = '32ec8c21-c4b2-83a1-9ee4-60f9a9d7b5d4';
  const medium = {
    ...{ uri: `/api/v2/files/${id}?sha256=${'a'.repeat(64)}`, file_type: 'unknown' },
    ...{ sha256: 'a'.repeat(64), size_bytes: 1 },
  };
  const all = [{ ...rows[0]!, item: { id: 'f:1', fields: {}, media: { document: medium } } }];
  renderWithProviders(
    <FileNames value={(file) => (file === id ? 'scan.pdf' : 'another')}>
      <Results task={task} rows={all} notes={NO_REVIEW.notes} />
    </FileNames>,
  );
  expect(lines()).toEqual(['1scan.pdfspam95 %']);
});

it('renders only the visible rows of 2,500', () => {
  const many = Array.from({ length: 2_500 }, (_, i) => rowOf(i + 1, (i % 100) / 100));
  renderWithProviders(<Review all={many} />);
  expect(screen.getByText('2,500 answers of 3')).toBeTruthy();
  const rendered = table().getAllByRole('row').length;
  expect(rendered).toBeGreaterThan(10);
  expect(rendered).toBeLessThan(60);
  expect(screen.getByRole('table', { name: 'Answers' }).getAttribute('aria-rowcount')).toBe('2501');
});

it('groups equal answers, and filters by one answer', async () => {
  const all = [rowOf(1, 0.9), { ...rowOf(2, 0.8), answer: { ...rows[1]!.answer, prediction: 'ham' } }];
  renderWithProviders(<Review all={all} />);
  await user.click(screen.getByRole('combobox', { name: 'Order of the answers' }));
  await user.click(screen.getByRole('option', { name: 'Equal answers together' }));
  expect(lines()).toEqual(['2mail 2ham90 %', '1mail 1spam90 %']);
  await user.click(screen.getByRole('combobox', { name: 'Show one answer only' }));
  await user.click(screen.getByRole('option', { name: 'spam' }));
  expect(lines()).toEqual(['1mail 1spam90 %']);
});
