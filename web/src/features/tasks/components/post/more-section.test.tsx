// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it } from 'vitest';
import type { CreateTask } from '../../../../lib/api/types.ts';
import { renderWithProviders } from '../../../../testing/render.tsx';
import { createBody } from '../../draft.ts';
import { EMPTY_DRAFT, useDraft } from '../../use-draft.ts';
import { MoreSection } from './more-section.tsx';

afterEach(cleanup);

function Section() {
  const form = useDraft(EMPTY_DRAFT, [], false);
  return (
    <>
      <MoreSection form={form} />
      <output>{JSON.stringify(createBody(form.values, []))}</output>
    </>
  );
}
const columns = () => (JSON.parse(screen.getByRole('status').textContent) as CreateTask).output_columns;

it('requests only the ticked extra columns, in the order of the output', async () => {
  const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
  renderWithProviders(<Section />);
  await user.click(screen.getByRole('button', { name: 'More' }));
  const group = await screen.findByRole(
    'group',
    { name: 'Add columns to the result file' },
    { timeout: 60_000 },
  );
  const confidence = screen.getByRole('checkbox', { name: /^confidence: / });
  const corrected = screen.getByRole('checkbox', { name: /^corrected: / });
  expect([group.contains(confidence), group.contains(corrected)]).toEqual([true, true]);
  expect(columns()).toBeUndefined();
  await user.click(corrected);
  expect(columns()).toEqual(['corrected']);
  await user.click(confidence);
  expect(columns()).toEqual(['confidence', 'corrected']);
  await user.click(corrected);
  expect(columns()).toEqual(['confidence']);
});
