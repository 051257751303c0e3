import * as z from 'zod';
import { BasisPoints, Satoshis } from '../entities/common.ts';
import { open, operations } from './operation.ts';

const Check = z.strictObject({ status: z.enum(['ok', 'degraded', 'down']), detail: z.string() });

export const Pricing = z
  .strictObject({
    base_price_satoshis: Satoshis.min(1).meta({
      description: 'Satoshis for complexity 1 at reputation 1.0; a setting of the stage',
      example: 100_000,
    }),
    min_reputation_bp: BasisPoints.meta({
      description: 'Lowest reputation of an agent, in ten-thousandths',
      example: 12_000,
    }),
    max_reputation_bp: BasisPoints.meta({
      description: 'Highest reputation of an agent, in ten-thousandths',
      example: 20_000,
    }),
    fiat: z
      .strictObject({
        currency: z
          .string()
          .regex(/^[A-Z]{3}$/)
          .meta({ description: 'ISO 4217 code of the currency', example: 'EUR' }),
        satoshis_per_unit: z
          .number()
          .positive()
          .meta({ description: 'How many satoshis one unit of the currency is worth here', example: 1150.5 }),
      })
      .nullable()
      .meta({
        description:
          'A currency to show amounts in, at a rate that the operator has set; null where none is set. Only satoshis move.',
        example: { currency: 'EUR', satoshis_per_unit: 1150.5 },
      }),
  })
  .meta({ id: 'Pricing' });
export type Pricing = z.infer<typeof Pricing>;

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
  pricing: {
    method: 'GET',
    path: '/pricing',
    capability: 'insight',
    summary: 'What a task costs here: base price × complexity × reputation of the agent',
    access: open,
    status: 200,
    response: Pricing,
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
