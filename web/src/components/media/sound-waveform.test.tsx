// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { api } from '../../lib/api/client.ts';
import { decodedPeaks } from '../../lib/media/decoded-peaks.ts';
import { renderWithProviders } from '../../testing/render.tsx';
import { SoundWaveform } from './sound-waveform.tsx';

vi.mock('../../lib/media/decoded-peaks.ts', () => ({ decodedPeaks: vi.fn() }));
afterEach(cleanup);

const show = (preview: object) => {
  vi.spyOn(api, 'GET').mockResolvedValue({ data: preview, response: new Response() } as never);
  const medium = { fileId: '018f0000-0000-7000-8000-000000000001', sha256: undefined };
  renderWithProviders(<SoundWaveform medium={medium} bytes={new Blob(['m4a'])} label="Waveform of a.m4a" />);
};
const bars = async () => (await screen.findByRole('img', { name: 'Waveform of a.m4a' })).children.length;
const missing = { kind: 'none', reason: 'The server does not decode this encoding.' };

it('shows the measurement of the server', async () => {
  show({ kind: 'waveform', peaks: [0, 1, 0.5] });
  expect(await bars()).toBe(3);
  expect(decodedPeaks).not.toHaveBeenCalled();
});

it('is decoded by the browser if the server has none', async () => {
  vi.mocked(decodedPeaks).mockResolvedValue([0.1, 0.9]);
  show(missing);
  expect(await bars()).toBe(2);
});

it('shows why there is none', async () => {
  vi.mocked(decodedPeaks).mockResolvedValue(undefined);
  show(missing);
  expect(await screen.findByText('No waveform: The server does not decode this encoding.')).toBeTruthy();
});
