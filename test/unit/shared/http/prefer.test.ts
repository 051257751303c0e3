import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import * as z from 'zod';
import { describe, expect, it, vi } from 'vitest';
import { BASE_PATH, open, operations } from '../../../../contracts/api/operation.ts';
import { createApi } from '../../../../lambdas/shared/http/api.ts';
import { preferredWaitSeconds, requestedWait } from '../../../../lambdas/shared/http/prefer.ts';
import { logger } from '../../../../lambdas/shared/logger.ts';

const timeLeft = (ms: number) => ({ getRemainingTimeInMillis: () => ms }) as Context;

it.each([
  ['wait=10', 10],
  ['WAIT = "7"', 7],
  ['respond-async, wait=5; foo=1', 5],
  ['wait=3, wait=9', 3],
  ['wait=26', 25],
  ['wait=99999999', 25],
  ['wait=0', undefined],
  ['wait=-1', undefined],
  ['wait=1e9', undefined],
  ['wait', undefined],
  ['wait="7', undefined],
  ['waiting=10', undefined],
  ['', undefined],
  [undefined, undefined],
])('Prefer: %s requests %s seconds', (header, seconds) => {
  expect(preferredWaitSeconds(header)).toBe(seconds);
});

it('waits no longer than the timeout of the function allows', () => {
  expect(requestedWait('wait=25', timeLeft(28_000))).toEqual({ seconds: 25, preference: 'wait=25' });
  expect(requestedWait('wait=25', timeLeft(12_000))?.seconds).toBe(10);
  expect(requestedWait('wait=25', timeLeft(1_500))).toBeUndefined();
});

describe('a route', () => {
  const common = { method: 'POST', capability: 'tasks', summary: '', description: '', answer: '' } as const;
  const answer = { status: 200, response: z.strictObject({ seconds: z.number() }), errors: [] } as const;
  const table = operations({
    waits: { ...common, ...answer, path: '/waits', access: open, idempotent: 'stored', waits: true },
    other: { ...common, ...answer, path: '/other', access: open },
  });
  const send = async (path: string, replayed = false) => {
    vi.spyOn(logger, 'info').mockImplementation(() => undefined);
    const handler = createApi(
      table,
      { remember: async (_, run) => ({ answer: await run(), replayed: false }) },
      {
        waits: async (_, { wait, reply }) => {
          if (replayed) reply.replayed = true;
          else if (wait) reply.preferenceApplied = wait.preference;
          return { seconds: wait?.seconds ?? 0 };
        },
        other: async (_, { wait }) => ({ seconds: wait?.seconds ?? 0 }),
      },
    );
    const event = {
      routeKey: `POST ${BASE_PATH}${path}`,
      headers: { prefer: 'wait=10' },
      requestContext: { requestId: 'r' },
    };
    const { body, headers } = await handler(event as unknown as APIGatewayProxyEventV2, timeLeft(28_000));
    return [JSON.parse(body!) as unknown, headers?.['preference-applied']];
  };

  it('that waits is marked; others ignore the preference', async () => {
    expect(await send('/waits')).toEqual([{ seconds: 10 }, 'wait=10']);
    expect(await send('/waits', true)).toEqual([{ seconds: 10 }, undefined]);
    expect(await send('/other')).toEqual([{ seconds: 0 }, undefined]);
  });
});
