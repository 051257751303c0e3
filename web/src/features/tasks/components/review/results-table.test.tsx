// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import type { Result, Task } from '../../../../lib/api/types.ts';
import { renderWithProviders } from '../../../../testing/render.tsx';
import { correctionsOf, NO_REVIEW, withNote } from '../../review.ts';
import { FileNames } from '../../file-names.ts';
import type { Row } from '../../use-rows.ts';
import { ResultsTable } from './results-table.tsx';
import { VerdictBar } from './verdict-bar.tsx';

vi.setConfig({ testTimeout: 30_000 }); // a page in jsdom on a busy machine
afterEach(cleanup);

/** Without waiting between keys, and without asking jsdom for computed styles before each click. */
const typist = () => userEvent.setup({ delay: null, pointerEventsCheck: 0 });

const task = {
  id: 't',
  kind: 'classification',
  labels: ['spam', 'ham'],
  item_count: 3,
  price_satoshis: 200_000,
  assigned_agent: 'duke-mm',
} as Task;
const rows = [1, 2, 3].map((place) => ({
  place,
  fields: { text: `mail ${place}` },
  files: {},
  answer: {
    id: `f:${place}`,
    prediction: 'spam',
    confidence: 0.9 - place / 10,
    explanation: {
      summary: 'Close to other spam.',
      words: [{ word: 'prize', weight: 0.4 }],
      nearest: [{ id: 'f:9', expected: 'spam', similarity: 0.8, excerpt: 'You win' }],
    },
  },
}));

function Review() {
  const [draft, setDraft] = useState(NO_REVIEW);
  const corrections = correctionsOf(
    rows.map(({ answer }) => answer),
    draft.notes,
  );
  return (
    <>
      <ResultsTable
        task={task}
        rows={rows}
        notes={draft.notes}
        onNote={(id, note) => setDraft((all) => ({ ...all, notes: withNote(all.notes, id, note) }))}
      />
      <VerdictBar
        task={task}
        result={{ id: 'r', item_count: 3 } as Result}
        corrections={corrections}
        complete
        draft={draft}
        saving="kept"
        onChange={setDraft}
        onJudged={() => undefined}
      />
    </>
  );
}

it('corrects and refuses in place, and tells what a rejection would return', async () => {
  const user = typist();
  renderWithProviders(<Review />);
  const reject = screen.getByRole('button', { name: 'Reject' });
  expect(reject).toHaveProperty('disabled', true);

  await user.click(screen.getByRole('combobox', { name: 'Answer of item 2' }));
  await user.click(screen.getByRole('option', { name: 'ham' }));
  expect(screen.getByText('1 answer corrected or refused: 33 %')).toBeTruthy();
  expect(screen.getByText(/A rejection returns 66,666 sat/)).toBeTruthy();

  await user.click(screen.getByRole('button', { name: 'Refuse item 3' }));
  expect(screen.getByText(/^1 answer corrected/)).toBeTruthy(); // a refusal without a reason says nothing yet
  await user.type(screen.getByRole('textbox', { name: 'Reason to refuse item 3' }), 'neither');
  expect(screen.getByText(/A rejection returns 133,333 sat/)).toBeTruthy();

  await user.click(screen.getByRole('button', { name: 'Put back the answer of item 2' }));
  expect(screen.getByText(/A rejection returns 66,666 sat/)).toBeTruthy();
  expect(reject).toHaveProperty('disabled', false);
});

it('shows how far a number may be off, and what else a label may be', () => {
  const answers = [
    { ...rows[0]!.answer, prediction: 135, interval: [128, 142] as [number, number] },
    { ...rows[1]!.answer, label_set: ['spam', 'ham'] },
    { ...rows[2]!.answer, label_set: ['spam'] },
  ];
  const shown = rows.map((row, i) => ({ ...row, answer: answers[i]! }));
  const { unmount } = renderWithProviders(<ResultsTable task={task} rows={shown} notes={NO_REVIEW.notes} />);
  expect(screen.getByText('135 (128 to 142)')).toBeTruthy();
  expect(screen.getAllByText(/^could also be/).map((text) => text.textContent)).toEqual([
    'could also be ham',
  ]);
  unmount();
  const numbers = { ...task, kind: 'regression' as const };
  renderWithProviders(
    <ResultsTable task={numbers} rows={shown.slice(0, 1)} notes={NO_REVIEW.notes} onNote={vi.fn()} />,
  );
  expect(screen.getByText('128 to 142')).toBeTruthy();
});

it('names the files of an item, which may be all there is of it', async () => {
  const user = typist();
  const [first, second] = rows;
  const shown: Row[] = [
    { ...first!, fields: {}, files: { document: 'a' } },
    { ...second!, files: { photo: 'b', scan: 'c' } },
  ];
  renderWithProviders(
    <FileNames value={(id) => `${id}.txt`}>
      <ResultsTable task={task} rows={shown} notes={NO_REVIEW.notes} />
    </FileNames>,
  );
  const cells = screen.getAllByRole('row').map((line) => line.children[1]?.textContent);
  expect(cells).toEqual(['Item', '1a.txt', '2mail 2 · b.txt · c.txt']);
  await user.click(screen.getByRole('button', { name: 'Explain item 1' }));
  expect(screen.getByText('document')).toBeTruthy();
});

it('opens the explanation by keyboard', async () => {
  const user = typist();
  renderWithProviders(<Review />);
  const button = screen.getByRole('button', { name: 'Explain item 1' });
  button.focus();
  await user.keyboard('{Enter}');
  expect(button.getAttribute('aria-expanded')).toBe('true');
  const table = within(screen.getByRole('table', { name: 'Answers' }));
  expect(table.getByText('Close to other spam.')).toBeTruthy();
  expect(table.getByText('+0.40')).toBeTruthy();
  expect(table.getByText('You win')).toBeTruthy();
});

it('shows the least sure answer first', async () => {
  const user = typist();
  renderWithProviders(<Review />);
  await user.click(screen.getByRole('combobox', { name: 'Order of the answers' }));
  await user.click(screen.getByRole('option', { name: 'Least sure first' }));
  const table = screen.getByRole('table', { name: 'Answers' });
  expect(
    within(table)
      .getAllByText(/^mail/)
      .map((cell) => cell.textContent),
  ).toEqual(['mail 3', 'mail 2', 'mail 1']);
});
