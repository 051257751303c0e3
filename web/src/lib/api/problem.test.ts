import { expect, it } from 'vitest';
import { fieldErrors } from '../forms/field-errors.ts';
import { ApiError, unwrap } from './problem.ts';

const answer = (status: number, error: unknown, headers: HeadersInit = {}) =>
  unwrap(Promise.resolve({ error, response: new Response(null, { status, headers }) })).catch(
    (thrown: unknown) => thrown as ApiError,
  );

it('keeps the problem of the server, and has texts for gateway and network errors', async () => {
  const problem = { code: 'not_found', title: 'Not found', detail: 'No such task.', status: 404 };
  expect(await answer(404, problem)).toMatchObject({ code: 'not_found', message: 'No such task.' });
  expect(await answer(429, { message: 'x' }, { 'retry-after': '7' })).toMatchObject({
    code: 'throttled',
    retryAfter: 7,
  });
  expect(await answer(500, undefined)).toMatchObject({ code: 'internal', status: 500 });
  const lost = unwrap(Promise.reject(new TypeError('Failed to fetch')));
  await expect(lost).rejects.toMatchObject({ code: 'unreachable', status: 0 });
});

it('puts errors beside the fields they name, and keeps the rest', () => {
  const errors = [
    { path: 'labels.0', message: 'too short' },
    { path: 'email', message: 'first' },
    { path: 'email', message: 'second' },
    { path: 'emails', message: 'of no field' },
  ];
  const base = { type: '', title: '', detail: '', status: 422, code: 'validation_failed', request_id: '' };
  expect(fieldErrors(new ApiError({ ...base, errors }), ['email', 'labels'])).toEqual({
    beside: { labels: 'too short', email: 'first' },
    elsewhere: [{ path: 'emails', message: 'of no field' }],
  });
});
