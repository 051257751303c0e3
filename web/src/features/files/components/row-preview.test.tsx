// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
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
