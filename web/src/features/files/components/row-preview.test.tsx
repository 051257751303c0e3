// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, expect, it } from 'vitest';
import { ColumnChoiceContext } from '../../../components/column-choice.tsx';
import type { File as StoredFile, Task } from '../../../lib/api/types.ts';
import { renderWithProviders } from '../../../testing/render.tsx';
import { RowPreview } from './row-preview.tsx';

afterEach(cleanup);

const preview = (bytes: readonly number[]) => {
  const local = new File([new Uint8Array(bytes)], 'names.csv');
  const step = { at: 'sending', progress: 0 } as const;
  return <RowPreview upload={{ key: 'a', name: local.name, size: local.size, local, step }} />;
};
const MUELLER = [0x6e, 0x0a, 0x4d, 0xfc, 0x6c, 0x0a];

it('shows before the inspection that the encoding is unknown', async () => {
  renderWithProviders(preview(MUELLER));
  expect((await screen.findByRole('note')).textContent).toMatch(/^This file is not UTF-8/);
  expect(screen.getByRole('cell', { name: 'M\ufffdl' })).toBeTruthy();
});

it('does not mention the encoding if it is certain', async () => {
  renderWithProviders(preview([...new TextEncoder().encode('n\nM\u00fcl\n')]));
  expect(await screen.findByRole('cell', { name: 'M\u00fcl' })).toBeTruthy();
  expect(screen.queryByRole('note')).toBeNull();
});

it('lets a click on the name of a column make it the one to fill in', async () => {
  const local = new File(['text,label,label2,label2\na,ham,,\n'], 'mails.csv');
  const metadata = {
    ...{ file_type: 'csv', encoding: 'utf-8', delimiter: ',', sha256: 'a'.repeat(64), rows: 1 },
    columns: ['text', 'label', 'label2'].map((name) => ({ name, type: 'text', filled: 1 })),
  } as unknown as NonNullable<StoredFile['metadata']>;
  const step = { at: 'sending', progress: 1 } as const;
  function Chosen() {
    const [target, choose] = useState<string | null>(null);
    const [kind, setKind] = useState<Task['kind']>('classification');
    return (
      <ColumnChoiceContext value={{ target, kind, choose, setKind }}>
        <RowPreview
          upload={{ key: 'b', name: local.name, size: local.size, local, step }}
          metadata={metadata}
        />
        <output>{`${target} ${kind}`}</output>
      </ColumnChoiceContext>
    );
  }
  renderWithProviders(<Chosen />);
  const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
  await user.click(await screen.findByRole('button', { name: 'Fill in “label”' }));
  expect(screen.getByRole('status').textContent).toBe('label classification');
  expect(screen.queryByRole('button', { name: 'Fill in “label2”' })).toBeNull();
  await user.click(screen.getByRole('button', { name: /^label One of a set of labels is filled in/ }));
  await user.click(await screen.findByRole('menuitem', { name: 'A number' }));
  expect(screen.getByRole('status').textContent).toBe('label regression');
  await user.click(screen.getByRole('button', { name: /^label A number is filled in/ }));
  await user.click(await screen.findByRole('menuitem', { name: 'Do not fill in this column' }));
  expect(screen.getByRole('status').textContent).toBe('null regression');
});
