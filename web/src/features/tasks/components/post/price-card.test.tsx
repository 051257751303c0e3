// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { renderWithProviders } from '../../../../testing/render.tsx';
import { Price, PriceCard } from './price-card.tsx';

const pricing = {
  base_price_satoshis: 2_500,
  min_reputation_bp: 12_000,
  max_reputation_bp: 20_000,
  fiat: null,
};
const card = (
  <PriceCard
    complexity={3}
    size={{ items: 7, examples: 2 }}
    locked={false}
    balance={9}
    quote={{ quote: undefined, asking: false, error: null }}
    onQuote={() => undefined}
  />
);

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('shows the price of the task and of one item at the base price of the stage', async () => {
  vi.stubGlobal('fetch', async () => Response.json(pricing));
  renderWithProviders(card);
  expect(await screen.findByText('9,000 – 15,000 sat')).toBeTruthy();
  expect(screen.getByText('1,286 – 2,143 sat')).toBeTruthy();
  expect(screen.getByText(/^2,500 × complexity 3 × the agent’s reputation \(1.2 to 2.0\)/)).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Post the task' })).toHaveProperty('disabled', false);
});

it('adds a currency if a rate is configured', () => {
  const fiat = { currency: 'EUR', satoshis_per_unit: 1_000 };
  renderWithProviders(<Price pricing={{ ...pricing, fiat }} complexity={3} items={7} />);
  expect(screen.getByText('≈ €9.00 – €15.00')).toBeTruthy();
  expect(screen.getByText('1,286 – 2,143 sat (≈ €1.29 – €2.14)')).toBeTruthy();
});

it('disables posting while the price is unknown', async () => {
  vi.stubGlobal('fetch', async () => Response.json({}, { status: 500 }));
  renderWithProviders(card);
  expect(screen.getByRole('button', { name: 'Post the task' })).toHaveProperty('disabled', true);
});
