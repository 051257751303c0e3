import * as z from 'zod';
import { BasisPoints, Satoshis } from '../entities/common.ts';
import { open, operations } from './operation.ts';

const Check = z
  .strictObject({
    status: z.enum(['ok', 'degraded', 'down']).describe('`degraded`: it works, but is changing.'),
    detail: z.string().meta({ description: 'What was seen, for operators.', example: 'answers' }),
  })
  .meta({ id: 'HealthCheck', description: 'Whether one part of the platform answers.' });

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
      .meta({ id: 'FiatRate', description: 'A currency to show amounts in, and its rate.' })
      .nullable()
      .meta({
        description:
          'A currency to show amounts in, at a rate that the operator has set; null where none is set. Only satoshis move.',
        example: { currency: 'EUR', satoshis_per_unit: 1150.5 },
      }),
  })
  .meta({ id: 'Pricing', description: 'What a task costs on this stage.' });
export type Pricing = z.infer<typeof Pricing>;

export const insightOperations = operations({
  health: {
    method: 'GET',
    path: '/health',
    capability: 'insight',
    summary: 'Whether the platform is well',
    description:
      'Asks table, bucket and endpoint, each for two seconds at most. Always 200: a part that is down is an answer. `ok` only when all parts are.',
    access: open,
    status: 200,
    answer: 'How each part is.',
    response: z
      .strictObject({
        status: z.enum(['ok', 'degraded']).describe('`ok` when every part is.'),
        version: z.string().meta({ description: 'The release that runs.', example: '2026-03-01.1' }),
        checks: z
          .strictObject({
            table: Check.describe('The table that holds every record.'),
            bucket: Check.describe('The bucket of uploaded files.'),
            endpoint: Check.describe('The endpoint that serves Duke MM.'),
          })
          .meta({ id: 'HealthChecks', description: 'Each part of the platform.' })
          .describe('Each part of the platform.'),
      })
      .meta({ id: 'Health', description: 'The state of the platform.' }),
    errors: [],
  },
  pricing: {
    method: 'GET',
    path: '/pricing',
    capability: 'insight',
    summary: 'What a task costs here',
    description:
      'The price of a task is base price × complexity × reputation of its agent, rounded down to whole satoshis. All amounts move in satoshis; a fiat currency is for showing them.',
    access: open,
    status: 200,
    answer: 'The price list.',
    response: Pricing,
    errors: [],
  },
  openApi: {
    method: 'GET',
    path: '/openapi.json',
    capability: 'insight',
    summary: 'This document',
    description: 'The OpenAPI 3.1 document of this API. `/docs` shows it to people.',
    access: open,
    status: 200,
    answer: 'The document.',
    response: z
      .looseObject({ openapi: z.string().meta({ description: 'The version of OpenAPI.', example: '3.1.0' }) })
      .meta({ id: 'OpenApiDocument', description: 'An OpenAPI 3.1 document.' }),
    errors: [],
  },
});
