// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { open, page, PATIENCE, problem, serve } from '../testing/app.tsx';
import { userOf } from '../testing/learning.ts';
import { session } from '../lib/session/index.ts';

vi.setConfig({ testTimeout: 120_000 }); // whole pages in jsdom on a busy machine
const typist = () => userEvent.setup({ delay: null, pointerEventsCheck: 0 });

const TASK = '018f0000-0000-7000-8000-0000000000aa';
const FILE = '018f0000-0000-7000-8000-0000000000ff';
const task = {
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
const file = {
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
const usual = {
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
  [`GET /tasks/${TASK}`]: task,
};
const POST = 'POST /tasks/create';
const lost = () => {
  throw new TypeError('the connection broke');
};
const reused = problem(422, 'idempotency_key_reused', 'Used before', 'Use a new key.');

type Asked = ReturnType<typeof serve>;
const posts = (asked: Asked) => asked.filter(({ call }) => call === POST);
const postButton = () => screen.findByRole('button', { name: 'Post the task' }, PATIENCE);
/** All at once: key by key takes seconds. */
const type = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });
const description = () => screen.getByLabelText<HTMLTextAreaElement>('What should be done?');

async function fill(user: ReturnType<typeof typist>): Promise<void> {
  type(description(), 'Food or travel?');
  await user.click(screen.getByText('Typed or pasted'));
  type(screen.getByLabelText('Items, one on each line'), 'A soup\nA train');
  await user.type(screen.getByRole('combobox', { name: 'Labels' }), 'food,travel,');
}

async function filled(answers: Parameters<typeof serve>[0]) {
  const asked = serve({ ...usual, ...answers });
  const user = typist();
  const router = await open('/tasks/new', 'buyer');
  const button = await postButton();
  await waitFor(() => expect(button).toHaveProperty('disabled', false), PATIENCE);
  await fill(user);
  return { asked, user, router, button };
}
const arrived = (router: Awaited<ReturnType<typeof open>>) =>
  waitFor(() => expect(router.state.location.pathname).toBe(`/tasks/${TASK}`), PATIENCE);

/** Leaves the page as a reload does, and comes back. */
async function reload() {
  window.dispatchEvent(new Event('pagehide'));
  cleanup();
  return open('/tasks/new', 'buyer');
}

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('posting', () => {
  it('is done once by two submits in one moment and by one more after the answer', async () => {
    const { asked, button, router } = await filled({ [POST]: task });
    const form = button.closest('form')!;
    fireEvent.submit(form);
    fireEvent.submit(form);
    await waitFor(() => expect(posts(asked)).toHaveLength(1), PATIENCE);
    fireEvent.submit(form);
    await arrived(router);
    expect(posts(asked)).toHaveLength(1);
    expect(posts(asked)[0]?.body).toMatchObject({
      description: 'Food or travel?',
      max_price_satoshis: 5_000,
    });
  });

  it('asks again with the same key after a lost answer, and finds the task', async () => {
    let tries = 0;
    const { asked, user, router, button } = await filled({
      [POST]: () => ((tries += 1) === 1 ? lost() : task),
    });
    await user.click(button);
    await arrived(router);
    expect(posts(asked)).toHaveLength(2);
    expect(new Set(posts(asked).map(({ key }) => key)).size).toBe(1);
  });

  it('finds the task of an earlier try, although the form and the page have changed since', async () => {
    const before = await filled({ [POST]: lost });
    await before.user.click(before.button);
    await screen.findByText(/the task may already be posted/, {}, { timeout: 40_000 });
    const [sent] = posts(before.asked);

    const asked = serve({
      ...usual,
      [POST]: (body) => (JSON.stringify(body) === JSON.stringify(sent?.body) ? task : reused),
    });
    const router = await reload();
    const user = typist();
    await postButton();
    type(description(), 'Food or travel? Or neither?');
    await user.click(await postButton());
    await arrived(router);
    expect(posts(asked).map(({ key }) => key)).toEqual([sent?.key, sent?.key]);
    await screen.findByText(/was already posted/, {}, PATIENCE);
  });

  it('keeps its key through a refusal, and shows a way to the wallet for 402', async () => {
    let rich = false;
    const poor = problem(402, 'insufficient_funds', 'Not enough satoshis', 'The task costs 5,000 satoshis.');
    const { asked, user, router, button } = await filled({ [POST]: () => (rich ? task : poor) });
    await user.click(button);
    await screen.findByText('Not enough satoshis', {}, PATIENCE);
    expect(screen.getByRole('link', { name: 'Open my wallet' }).getAttribute('href')).toBe('/wallet');
    expect(screen.getByRole('button', { name: 'Deposit' })).toBeTruthy();
    rich = true;
    await user.click(button);
    await arrived(router);
    expect(new Set(posts(asked).map(({ key }) => key)).size).toBe(1);
  });

  it('begins with an empty form and another key after a task was posted', async () => {
    const { asked, user, router, button } = await filled({ [POST]: task });
    await user.click(button);
    await arrived(router);
    await router.navigate({ to: '/tasks/new' });
    await postButton();
    expect(description().value).toBe('');
    await fill(user);
    await user.click(await postButton());
    await waitFor(() => expect(posts(asked)).toHaveLength(2), PATIENCE);
    expect(new Set(posts(asked).map(({ key }) => key)).size).toBe(2);
  });
});

describe('a draft', () => {
  it('survives a reload, with its files and the column that was chosen', async () => {
    const answers = { ...usual, 'GET /files/list': page(file), [`GET /files/${FILE}`]: file };
    serve(answers);
    const user = typist();
    await open('/tasks/new', 'buyer');
    await postButton();
    type(description(), 'Is it spam?');
    await user.click(await screen.findByRole('combobox', { name: 'Or take a file from before' }, PATIENCE));
    await user.click(await screen.findByRole('option', { name: /^mails.csv/ }, PATIENCE));
    await screen.findByText('2 examples', {}, PATIENCE);
    const target = () => screen.getByRole<HTMLInputElement>('combobox', { name: 'Column to fill in' });
    expect(target().value).toBe('label');
    await user.click(target());
    await user.click(await screen.findByRole('option', { name: 'text' }, PATIENCE));

    await reload();
    await postButton();
    expect(description().value).toBe('Is it spam?');
    expect(screen.getByText('mails.csv')).toBeTruthy();
    expect(target().value).toBe('text');
  });

  it('leaves out a file that was deleted meanwhile', async () => {
    serve({ ...usual, 'GET /files/list': page(file), [`GET /files/${FILE}`]: file });
    const user = typist();
    await open('/tasks/new', 'buyer');
    await postButton();
    await user.click(await screen.findByRole('combobox', { name: 'Or take a file from before' }, PATIENCE));
    await user.click(await screen.findByRole('option', { name: /^mails.csv/ }, PATIENCE));
    serve(usual);
    await reload();
    await postButton();
    expect(screen.queryByText('mails.csv')).toBeNull();
  });

  it('survives a session that ends, for the same user alone', async () => {
    await filled({ 'POST /auth/refresh': problem(401, 'refresh_token_invalid', 'Ended', 'Ended.') });
    await act(session.renew);
    expect(session.get().status).toBe('anonymous');
    cleanup();
    await open('/tasks/new', 'buyer');
    await postButton();
    expect(description().value).toBe('Food or travel?');
    cleanup();
    const stranger = { ...userOf('buyer'), id: '018f0000-0000-7000-8000-000000000002' };
    await open('/tasks/new', stranger);
    await postButton();
    expect(description().value).toBe('');
    expect(JSON.stringify(localStorage)).not.toContain('Food or travel?');
  });

  it('is gone after signing out', async () => {
    const { user } = await filled({ 'POST /auth/logout': {} });
    window.dispatchEvent(new Event('pagehide'));
    expect(JSON.stringify(localStorage)).toContain('Food or travel?');
    await user.click(screen.getByRole('button', { name: 'Account' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Sign out' }, PATIENCE));
    await waitFor(() => expect(session.get().status).toBe('anonymous'), PATIENCE);
    window.dispatchEvent(new Event('pagehide'));
    cleanup();
    expect(JSON.stringify(localStorage)).not.toContain('Food or travel?');
  });

  it('shows what another tab has typed, and cannot be posted once that tab has', async () => {
    const { asked } = await filled({ [POST]: task });
    window.dispatchEvent(new Event('pagehide'));
    const key = `dukenet:1:${userOf('buyer').id}:draft`;
    const tell = (change: (draft: Record<string, unknown>) => object) => {
      const { at, value } = JSON.parse(localStorage.getItem(key)!) as {
        at: number;
        value: Record<string, unknown>;
      };
      const newValue = JSON.stringify({ at, value: change(value) });
      localStorage.setItem(key, newValue);
      window.dispatchEvent(new StorageEvent('storage', { key, newValue }));
    };
    tell((draft) => ({
      ...draft,
      values: { ...(draft['values'] as object), description: 'From the other tab' },
    }));
    await waitFor(() => expect(description().value).toBe('From the other tab'), PATIENCE);
    tell((draft) => ({ ...draft, posted: TASK }));
    await screen.findByText('This task was posted in another tab', {}, PATIENCE);
    expect(screen.queryByRole('button', { name: 'Post the task' })).toBeNull();
    expect(screen.getByRole('link', { name: 'Open the task' }).getAttribute('href')).toBe(`/tasks/${TASK}`);
    expect(posts(asked)).toEqual([]);
  });
});

describe('a quote', () => {
  const quote = {
    ...{ quote_id: '018f0000-0000-7000-8000-0000000000ee', agent_id: 'duke-mm', agent_name: 'duke-mm' },
    ...{ price_satoshis: 4_700, success_probability: 0.94, interval: [0.86, 0.98] },
    ...{ basis: 'measured', sampled_count: 2, eta_seconds: 4 },
    known: { examples: 40, confirmed: 0, judged_tasks: 3 },
    warning: 'Duke MM knows little of this question.',
    sample: { id: '1', prediction: 'food', confidence: 0.91 },
    selection: { reason: 'only_candidate', considered: 1, candidates: [] },
    expires_at: '2026-01-01T00:10:00.000Z',
  };
  const ASK = 'POST /tasks/quote';
  const ask = () => screen.getByRole('button', { name: 'Get the exact price and the odds' });

  it('shows the exact price and the odds, and is what the task is posted with', async () => {
    const { asked, user, router } = await filled({ [ASK]: quote, [POST]: task });
    await user.click(screen.getByText('Below 80 %'));
    await user.click(ask());
    const post = await screen.findByRole('button', { name: 'Post for 4,700 sat' }, PATIENCE);
    expect(screen.getByText('94 % (86 to 98 %)')).toBeTruthy();
    expect(
      screen.getByText('Measured on 2 of your items. It learns from 40 examples, 3 judged tasks.'),
    ).toBeTruthy();
    expect(screen.getByText(quote.warning)).toBeTruthy();
    await user.click(post);
    await arrived(router);
    const quoted = asked.find(({ call }) => call === ASK)?.body;
    expect(quoted).toMatchObject({ review_below: 0.8 });
    expect(posts(asked)[0]?.body).toEqual({ ...(quoted as object), quote_id: quote.quote_id });
  });

  it('is none any more when the draft has changed', async () => {
    const { asked, user, router } = await filled({ [ASK]: quote, [POST]: task });
    await user.click(ask());
    await screen.findByRole('button', { name: 'Post for 4,700 sat' }, PATIENCE);
    type(description(), 'Food or travel, please?');
    await user.click(await postButton());
    await arrived(router);
    expect(posts(asked)[0]?.body).not.toHaveProperty('quote_id');
  });

  it('is asked for only when the form is complete', async () => {
    const asked = serve({ ...usual, [ASK]: quote });
    await open('/tasks/new', 'buyer');
    await typist().click(await screen.findByRole('button', { name: /exact price/ }, PATIENCE));
    await screen.findByText('Say what should be done', {}, PATIENCE);
    expect(asked.filter(({ call }) => call === ASK)).toEqual([]);
  });

  it('gives way to the range of prices when it has expired', async () => {
    const expired = problem(409, 'quote_expired', 'The quote has expired', 'Ask for another one.');
    const { user } = await filled({ [ASK]: quote, [POST]: expired });
    await user.click(ask());
    await user.click(await screen.findByRole('button', { name: 'Post for 4,700 sat' }, PATIENCE));
    await screen.findByText('Ask for another one.', {}, PATIENCE);
    expect(ask()).toBeTruthy();
  });
});
