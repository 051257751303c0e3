// @vitest-environment jsdom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { NotificationSettingsView } from '../../../contracts/api/notifications.ts';
import { DEFAULT_NOTIFICATIONS } from '../../../contracts/entities/notice.ts';
import { leavePage, open, PATIENCE, serve } from '../testing/app.tsx';

vi.setConfig({ testTimeout: 60_000 }); // whole pages in jsdom on a busy machine
afterEach(leavePage);

const SETTINGS = '/notifications/settings';
const settings = NotificationSettingsView.parse({ ...DEFAULT_NOTIFICATIONS, delivery: 'email' });
const wallet = {
  'GET /wallet': { balance_satoshis: 1, held_satoshis: 0, earned_satoshis: 0, payment_provider: 'sandbox' },
};

it('lets an agent choose its e-mails and quiet hours, without changing those of buyers', async () => {
  const asked = serve({
    ...wallet,
    [`GET ${SETTINGS}`]: settings,
    [`PATCH ${SETTINGS}`]: (body) => ({ ...settings, ...(body as object) }),
  });
  await open('/profile', 'agent');
  const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
  await user.click(await screen.findByRole('checkbox', { name: 'I was given a task' }, PATIENCE));
  await user.click(screen.getByRole('switch', { name: /^Quiet hours/ }));
  fireEvent.change(screen.getByLabelText(/^From/), { target: { value: '23:30' } });
  await user.click(screen.getAllByRole('button', { name: 'Save' }).at(-1)!);
  await waitFor(() => {
    const change = asked.find(({ call }) => call === `PATCH ${SETTINGS}`)?.body;
    expect(change).toMatchObject({
      notices: ['lease_ending', 'result_delivered', 'review_ending'],
      quiet_hours: { from: '23:30', to: '07:00' },
    });
  }, PATIENCE);
});

it('shows that no e-mails are sent here, and no settings for administrators', async () => {
  serve({ ...wallet, [`GET ${SETTINGS}`]: { ...settings, delivery: 'off' } });
  await open('/profile', 'buyer');
  await screen.findByText(/no e-mails are sent now/, {}, PATIENCE);
  cleanup();
  await open('/profile', 'admin');
  expect(screen.queryByText('Notifications')).toBeNull();
});
