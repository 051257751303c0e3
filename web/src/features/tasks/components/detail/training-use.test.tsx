// @vitest-environment jsdom
import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import type { Task } from '../../../../lib/api/types.ts';
import { renderWithProviders } from '../../../../testing/render.tsx';
import { TrainingUse } from './training-use.tsx';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
const task = { id: 't', status: 'completed', allow_training: true } as Task;
const withdrawButton = () => screen.queryByRole('button', { name: 'Withdraw' });

it('withdraws a task after a confirmation', async () => {
  const requests: [method: string, path: string, body: string][] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    requests.push([request.method, new URL(request.url).pathname, await request.text()]);
    return Response.json({ ...task, allow_training: false });
  });
  renderWithProviders(<TrainingUse task={task} mine />);
  await user.click(withdrawButton()!);
  expect(requests).toEqual([]);
  await user.click(await screen.findByRole('button', { name: 'Withdraw it' }));
  await vi.waitFor(() => expect(requests).toHaveLength(1), { timeout: 60_000 });
  expect(requests).toEqual([['PATCH', '/api/v2/tasks/t', '{"allow_training":false}']]);
});

it('offers it to the buyer alone, once the task has ended', () => {
  const shown = (part: Partial<Task>, mine = true): boolean => {
    renderWithProviders(<TrainingUse task={{ ...task, ...part }} mine={mine} />);
    const isShown = withdrawButton() !== null;
    cleanup();
    return isShown;
  };
  expect(shown({})).toBe(true);
  expect(shown({}, false)).toBe(false);
  expect(shown({ status: 'executing' })).toBe(false);
  expect(shown({ allow_training: false })).toBe(false);
});
