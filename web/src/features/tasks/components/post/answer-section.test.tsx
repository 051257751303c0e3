// @vitest-environment jsdom
import { useForm } from '@mantine/form';
import { cleanup, fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import type { Column } from '../../../../../../contracts/entities/column.ts';
import { ColumnProfile } from '../../../../../../contracts/values/column-profile.ts';
import type { CreateTask, File as StoredFile } from '../../../../lib/api/types.ts';
import { renderWithProviders } from '../../../../testing/render.tsx';
import { createBody, type Draft } from '../../draft.ts';
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

interface SectionProps {
  files: readonly StoredFile[];
  target: string;
  /** Called with what the form would post. */
  onBody?: (body: CreateTask) => void;
}

function Section({ files, target, onBody }: SectionProps) {
  const form = useForm<Draft>({
    initialValues: { ...EMPTY_DRAFT, target },
  });
  onBody?.(createBody(form.values, files));
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

it('lets the buyer say what labels mean and what it costs to miss them', async () => {
  const trees = columnOf('species', ['oak', 'oak', 'elm', 'elm', '']);
  const files = [table(trees, 5)];
  const body = vi.fn<(body: CreateTask) => void>();
  renderWithProviders(<Section files={files} target="species" onBody={body} />);
  const user = typist();
  await user.click(screen.getByRole('button', { name: /^Say more about the labels/ }));
  const meaning = await screen.findByLabelText('What “oak” means');
  fireEvent.change(meaning, { target: { value: 'with acorns' } });
  await user.click(screen.getByRole('radio', { name: 'More for rarer labels' }));
  expect(body).toHaveBeenLastCalledWith(
    expect.objectContaining({ label_descriptions: { oak: 'with acorns' }, class_weight: 'balanced' }),
  );
  await user.click(screen.getByRole('radio', { name: 'As I say' }));
  fireEvent.change(screen.getByLabelText('Cost of missing “elm”'), { target: { value: '5' } });
  expect(body).toHaveBeenLastCalledWith(expect.objectContaining({ class_weight: { elm: 5 } }));
  await user.click(screen.getByRole('radio', { name: 'A text' }));
  expect(screen.queryByRole('button', { name: /^Say more about the labels/ })).toBeNull();
});
