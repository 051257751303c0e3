import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { inject } from 'vitest';
import { ApiError, DukeNet } from '../../client/typescript/src/index.ts';
import type { TaskView } from '../../contracts/api/tasks.ts';
import { fetchByContract } from '../support/fetch-by-contract.ts';
import { eventually } from './eventually.ts';

export const PASSWORD = 'DukeNET-local-1';
export const platform = () => inject('platform');
export const client = (): DukeNet => new DukeNet({ baseUrl: platform().apiUrl, fetch: fetchByContract });
export const seeded = (who: 'buyer' | 'agent' | 'admin'): Promise<DukeNet> =>
  client().login(`${who}@dukenet.local`, PASSWORD);

/** A buyer of this test alone, with money. */
export async function newBuyer(satoshis = 5_000_000): Promise<{ api: DukeNet; id: string; email: string }> {
  const email = `buyer-${randomUUID()}@example.com`;
  const { user } = await client().call('register', {
    body: { email, password: PASSWORD, user_type: 'buyer' },
  });
  const api = await client().login(email, PASSWORD);
  if (satoshis > 0) await api.call('deposit', { body: { amount_satoshis: satoshis } });
  return { api, id: user.id, email };
}

export const ended = (api: DukeNet, taskId: string, timeoutMs = 240_000): Promise<TaskView> =>
  eventually(
    () => api.call('getTask', { params: { task_id: taskId } }),
    (task) => !['created', 'assigned', 'executing'].includes(task.status),
    timeoutMs,
  );

/** The problem+json of a call that must fail. */
export async function problemOf(call: Promise<unknown>): Promise<ApiError['problem']> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ApiError) return error.problem;
    throw error;
  }
  throw new Error('the call was answered with success');
}

/** One request as a client without our types would send it, sent again where the tests before it have used up a limit. */
export async function raw(
  method: string,
  path: string,
  options: { token?: string; body?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
  const response = await fetch(`${platform().apiUrl}/api/v2${path}`, {
    method,
    headers: {
      ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
      ...(options.body !== undefined && { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body !== undefined && { body: options.body }),
  });
  if (response.status === 429) {
    await setTimeout(Number(response.headers.get('retry-after')) * 1000);
    return raw(method, path, options);
  }
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}
