// @vitest-environment jsdom
import { useForm } from '@mantine/form';
import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it } from 'vitest';
import type { Column } from '../../../../../../contracts/entities/column.ts';
import { ColumnProfile } from '../../../../../../contracts/values/column-profile.ts';
import type { File as StoredFile } from '../../../../lib/api/types.ts';
import { renderWithProviders } from '../../../../testing/render.tsx';
import type { Draft } from '../../draft.ts';
import { EMPTY_DRAFT } from '../../use-draft.ts';
import { AnswerSection } from './answer-section.tsx';

afterEach(cleanup);
const typist = () => userEvent.setup({ delay: null, pointerEventsCheck: 0 });

function columnOf(name: string, cells: readonly string[]): Column {
  const profile = new ColumnProfile(name);
  cells.forEach((cell, i) => profile.add(cell, i + 1));
  return profile.toColumn();
}

const table = (column: Column, rows: number) =>
  ({
    id: '018f0000-0000-7000-8000-000000000001',
    status: 'ready',
    file_type: 'csv',
    metadata: {
      file_type: 'csv',
      encoding: 'utf-8',
      sha256: 'a'.repeat(64),
      delimiter: ';',
      rows,
      columns: [column],
    },
  }) as StoredFile;

function Section({ files, target }: { files: readonly StoredFile[]; target: string }) {
  const form = useForm<Draft>({
    initialValues: { ...EMPTY_DRAFT, target },
  });
  return <AnswerSection form={form} files={files} />;
}

it('shows an answer in the form of its column, and lets its kind be changed by a click', async () => {
  const prices = columnOf('preis', ['100,10 €', '1.200,40 €', '140,75 €', '']);
  renderWithProviders(<Section files={[table(prices, 4)]} target="preis" />);
  expect(screen.getByRole('radio', { name: 'A number' })).toHaveProperty('checked', true);
  expect(screen.getByText('650,25 €')).toBeDefined();
  await typist().click(screen.getByRole('radio', { name: 'A text' }));
  expect(screen.queryByText('650,25 €')).toBeNull();
  expect(screen.getByText('1.200,40 €')).toBeDefined();
});

it('names the row that is not a number', async () => {
  const prices = columnOf('price', ['1.5', 'about 3', '']);
  renderWithProviders(<Section files={[table(prices, 3)]} target="price" />);
  await typist().click(screen.getByRole('radio', { name: 'A number' }));
  expect(screen.getByText('The answers cannot be numbers: row 2 holds “about 3”.')).toBeDefined();
});

it('lets the buyer choose which texts count as blank', async () => {
  const trees = columnOf('species', ['oak', 'oak', 'elm', 'elm', 'NA', 'NA']);
  renderWithProviders(<Section files={[table(trees, 6)]} target="species" />);
  const choice = screen.getByRole('checkbox', { name: '“NA” (2 rows)' });
  expect(choice).toHaveProperty('checked', true);
  expect(screen.getByText('2 rows', { selector: 'b' })).toBeDefined();
  await typist().click(choice);
  expect(screen.getByText('0 rows', { selector: 'b' })).toBeDefined();
});
