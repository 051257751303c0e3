// @vitest-environment jsdom
import { act, cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { session } from '../lib/session/index.ts';
import { leavePage, open, page, PATIENCE, problem, serve } from '../testing/app.tsx';
import { userOf } from '../testing/learning.ts';
import {
  FILE,
  FILE_VIEW,
  POST,
  TASK,
  TASK_VIEW,
  USUAL_ANSWERS,
  description,
  filled,
  postButton,
  posts,
  reload,
  type,
  typist,
} from '../testing/post-page.ts';

beforeEach(() => localStorage.clear());
afterEach(leavePage);

describe('a draft', () => {
  it('survives a reload, with its files and the chosen column', async () => {
    const answers = {
      ...USUAL_ANSWERS,
      'GET /files/list': page(FILE_VIEW),
      [`GET /files/${FILE}`]: FILE_VIEW,
    };
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
    serve({ ...USUAL_ANSWERS, 'GET /files/list': page(FILE_VIEW), [`GET /files/${FILE}`]: FILE_VIEW });
    const user = typist();
    await open('/tasks/new', 'buyer');
    await postButton();
    await user.click(await screen.findByRole('combobox', { name: 'Or take a file from before' }, PATIENCE));
    await user.click(await screen.findByRole('option', { name: /^mails.csv/ }, PATIENCE));
    serve(USUAL_ANSWERS);
    await reload();
    await postButton();
    expect(screen.queryByText('mails.csv')).toBeNull();
  });

  it('survives the end of a session, for the same user only', async () => {
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

  it('is deleted on sign-out', async () => {
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

  it('shows changes of another tab, and cannot be posted once that tab has posted it', async () => {
    const { asked } = await filled({ [POST]: TASK_VIEW });
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
