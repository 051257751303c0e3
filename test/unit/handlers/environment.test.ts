import type * as z from 'zod';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { allHandlers, envSchemaOf } from '../../../scripts/shared/handlers.ts';
import { ENVIRONMENT } from '../support/environment.ts';
import { loaded } from '../support/load-handler.ts';

beforeEach(() => {
  for (const name of Object.keys(ENVIRONMENT)) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe.each(allHandlers())('$name', (handler) => {
  test('does not load in an empty environment, and names every variable that it needs', async () => {
    const { shape } = await envSchemaOf(handler);
    const needed = Object.entries(shape as Readonly<Record<string, z.ZodType>>)
      .filter(([, schema]) => !schema.safeParse(undefined).success)
      .map(([name]) => name);
    const error = await loaded(handler).catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      message: expect.stringContaining('environment of this function is not complete') as string,
    });
    expect(needed.filter((name) => !(error as Error).message.includes(`${name}: `))).toEqual([]);
  });

  test('loads in the environment that all handler tests use', async () => {
    expect((await envSchemaOf(handler)).safeParse(ENVIRONMENT).error).toBeUndefined();
  });
});
