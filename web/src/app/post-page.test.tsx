// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leavePage, open, PATIENCE, problem, serve } from '../testing/app.tsx';
import {
  KEY_REUSED,
  POST,
  USUAL_ANSWERS,
  TASK_VIEW,
  arrived,
  description,
  fill,
  filled,
  lostAnswer,
  postButton,
  posts,
  reload,
  type,
  typist,
} from '../testing/post-page.ts';

beforeEach(() => localStorage.clear());
afterEach(leavePage);

describe('posting', () => {
  it('happens once for two concurrent submits and one more after the response', async () => {
    const { asked, button, router } = await filled({ [POST]: TASK_VIEW });
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

  it('retries with the same key after a lost response, and finds the task', async () => {
    let tries = 0;
    const { asked, user, router, button } = await filled({
      [POST]: () => ((tries += 1) === 1 ? lostAnswer() : TASK_VIEW),
    });
    await user.click(button);
    await arrived(router);
    expect(posts(asked)).toHaveLength(2);
    expect(new Set(posts(asked).map(({ key }) => key)).size).toBe(1);
  });

  it('finds the task of an earlier attempt, even if the form and the page have changed since', async () => {
    const before = await filled({ [POST]: lostAnswer });
    await before.user.click(before.button);
    await screen.findByText(/the task may already be posted/, {}, { timeout: 100_000 });
    const [sent] = posts(before.asked);

    const asked = serve({
      ...USUAL_ANSWERS,
      [POST]: (body) => (JSON.stringify(body) === JSON.stringify(sent?.body) ? TASK_VIEW : KEY_REUSED),
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

  it('keeps its key after a rejection, and links to the wallet for 402', async () => {
    let rich = false;
    const poor = problem(402, 'insufficient_funds', 'Not enough satoshis', 'The task costs 5,000 satoshis.');
    const { asked, user, router, button } = await filled({ [POST]: () => (rich ? TASK_VIEW : poor) });
    await user.click(button);
    await screen.findByText('Not enough satoshis', {}, PATIENCE);
    expect(screen.getByRole('link', { name: 'Open my wallet' }).getAttribute('href')).toBe('/wallet');
    expect(screen.getByRole('button', { name: 'Deposit' })).toBeTruthy();
    rich = true;
    await user.click(button);
    await arrived(router);
    expect(new Set(posts(asked).map(({ key }) => key)).size).toBe(1);
  });

  it('starts with an empty form and a new key after a task was posted', async () => {
    const { asked, user, router, button } = await filled({ [POST]: TASK_VIEW });
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

  it('shows the exact price and the odds, and is used by the task', async () => {
    const { asked, user, router } = await filled({ [ASK]: quote, [POST]: TASK_VIEW });
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

  it('is discarded when the draft changes', async () => {
    const { asked, user, router } = await filled({ [ASK]: quote, [POST]: TASK_VIEW });
    await user.click(ask());
    await screen.findByRole('button', { name: 'Post for 4,700 sat' }, PATIENCE);
    type(description(), 'Food or travel, please?');
    await user.click(await postButton());
    await arrived(router);
    expect(posts(asked)[0]?.body).not.toHaveProperty('quote_id');
  });

  it('can be requested only if the form is complete', async () => {
    const asked = serve({ ...USUAL_ANSWERS, [ASK]: quote });
    await open('/tasks/new', 'buyer');
    await typist().click(await screen.findByRole('button', { name: /exact price/ }, PATIENCE));
    await screen.findByText('Say what should be done', {}, PATIENCE);
    expect(asked.filter(({ call }) => call === ASK)).toEqual([]);
  });

  it('is replaced by the price range when it expires', async () => {
    const expired = problem(409, 'quote_expired', 'The quote has expired', 'Ask for another one.');
    const { user } = await filled({ [ASK]: quote, [POST]: expired });
    await user.click(ask());
    await user.click(await screen.findByRole('button', { name: 'Post for 4,700 sat' }, PATIENCE));
    await screen.findByText('Ask for another one.', {}, PATIENCE);
    expect(ask()).toBeTruthy();
  });
});
