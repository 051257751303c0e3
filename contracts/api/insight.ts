import * as z from 'zod';
import { open, operations } from './operation.ts';

const Check = z.strictObject({ status: z.enum(['ok', 'degraded', 'down']), detail: z.string() });

export const insightOperations = operations({
  health: {
    method: 'GET',
    path: '/health',
    capability: 'insight',
    summary: 'Whether the parts answer; `ok` only when all do',
    access: open,
    status: 200,
    response: z
      .strictObject({
        status: z.enum(['ok', 'degraded']),
        version: z.string(),
        checks: z.strictObject({ table: Check, bucket: Check, endpoint: Check }),
      })
      .meta({ id: 'Health' }),
    errors: [],
  },
  openApi: {
    method: 'GET',
    path: '/openapi.json',
    capability: 'insight',
    summary: 'This document',
    access: open,
    status: 200,
    response: z.looseObject({ openapi: z.string() }),
    errors: [],
  },
});
