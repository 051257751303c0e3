/** The page that posts a task: answers of the API, and what a user does on it. */
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect } from 'vitest';
import { open, page, PATIENCE, problem, serve } from './app.tsx';
import { userOf } from './learning.ts';

export const typist = () => userEvent.setup({ delay: null, pointerEventsCheck: 0 });

export const TASK = '018f0000-0000-7000-8000-0000000000aa';
export const FILE = '018f0000-0000-7000-8000-0000000000ff';
export const TASK_VIEW = {
  id: TASK,
  buyer_id: userOf('buyer').id,
  description: 'Food or travel?',
  complexity: 1,
  kind: 'classification',
  labels: ['food', 'travel'],
  family: 'fam_1',
  files: [],
  item_count: 2,
  example_count: 0,
  assigned_agent: 'duke-mm',
  price_satoshis: 5_000,
  reputation_bp: 20_000,
  status: 'created',
  settlement: 'held',
  allow_training: true,
  review_window_hours: 24,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
};
export const FILE_VIEW = {
  id: FILE,
  filename: 'mails.csv',
  content_type: 'text/csv',
  file_type: 'csv',
  size_bytes: 30,
  status: 'ready',
  metadata: {
    file_type: 'csv',
    encoding: 'utf-8',
    delimiter: ',',
    sha256: 'a'.repeat(64),
    rows: 4,
    columns: [
      { name: 'text', type: 'text', filled: 4 },
      { name: 'label', type: 'text', filled: 2, values: ['ham', 'spam'] },
    ],
  },
  used_by_tasks: [],
  created_at: '2026-01-01T00:00:00.000Z',
};
export const USUAL_ANSWERS = {
  'GET /wallet': {
    balance_satoshis: 9_000,
    held_satoshis: 0,
    earned_satoshis: 0,
    payment_provider: 'sandbox',
  },
  'GET /pricing': {
    base_price_satoshis: 2_500,
    min_reputation_bp: 12_000,
    max_reputation_bp: 20_000,
    fiat: null,
  },
  'GET /files/list': page(),
  [`GET /tasks/${TASK}`]: TASK_VIEW,
};
export const POST = 'POST /tasks/create';
export const lostAnswer = () => {
  throw new TypeError('the connection broke');
};
export const KEY_REUSED = problem(422, 'idempotency_key_reused', 'Used before', 'Use a new key.');

type Asked = ReturnType<typeof serve>;
export const posts = (asked: Asked) => asked.filter(({ call }) => call === POST);
export const postButton = () => screen.findByRole('button', { name: 'Post the task' }, PATIENCE);
/** All at once: key by key takes seconds. */
export const type = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });
export const description = () => screen.getByLabelText<HTMLTextAreaElement>('What should be done?');

export async function fill(user: ReturnType<typeof typist>): Promise<void> {
  type(description(), 'Food or travel?');
  await user.click(screen.getByText('Typed or pasted'));
  type(screen.getByLabelText('Items, one on each line'), 'A soup\nA train');
  await user.type(screen.getByRole('combobox', { name: 'Labels' }), 'food,travel,');
}

export async function filled(answers: Parameters<typeof serve>[0]) {
  const asked = serve({ ...USUAL_ANSWERS, ...answers });
  const user = typist();
  const router = await open('/tasks/new', 'buyer');
  const button = await postButton();
  await waitFor(() => expect(button).toHaveProperty('disabled', false), PATIENCE);
  await fill(user);
  return { asked, user, router, button };
}
export const arrived = (router: Awaited<ReturnType<typeof open>>) =>
  waitFor(() => expect(router.state.location.pathname).toBe(`/tasks/${TASK}`), PATIENCE);

/** Leaves the page as a reload does, and comes back. */
export async function reload() {
  window.dispatchEvent(new Event('pagehide'));
  cleanup();
  return open('/tasks/new', 'buyer');
}
