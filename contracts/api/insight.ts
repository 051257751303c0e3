import * as z from 'zod';
import { BasisPoints, Satoshis } from '../entities/common.ts';
import { open, operations } from './operation.ts';

const Check = z
  .strictObject({
    status: z.enum(['ok', 'degraded', 'down']).describe('`degraded`: it works, but is changing.'),
    detail: z.string().meta({ description: 'Details for operators.', example: 'answers' }),
  })
  .meta({ id: 'HealthCheck', description: 'The health of one part of the platform.' });

export const Pricing = z
  .strictObject({
    base_price_satoshis: Satoshis.min(1).meta({
      description: 'Price in satoshis of complexity 1 at reputation 1.0; set by the operator',
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
          .meta({ description: 'Number of satoshis per unit of the currency', example: 1150.5 }),
      })
      .meta({ id: 'FiatRate', description: 'A currency to display amounts in, and its rate.' })
      .nullable()
      .meta({
        description:
          'A currency to display amounts in, at a fixed rate set by the operator; null if none is set. All payments are in satoshis.',
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
    summary: 'Health of the platform',
    description:
      'Checks table, bucket and endpoint, each with a timeout of two seconds. Always answers 200, also if a part is down. `status` is `ok` only if all parts are.',
    access: open,
    status: 200,
    answer: 'The health of each part.',
    response: z
      .strictObject({
        status: z.enum(['ok', 'degraded']).describe('`ok` if every part is.'),
        version: z.string().meta({ description: 'The deployed release.', example: '2026-03-01.1' }),
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
      'The price of a task is base price × complexity × reputation of its agent, rounded down to whole satoshis. All payments are in satoshis; the fiat currency is for display only.',
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
    description: 'The OpenAPI 3.1 document of this API. `/docs` shows it as a web page.',
    access: open,
    status: 200,
    answer: 'The document.',
    response: z
      .looseObject({ openapi: z.string().meta({ description: 'The version of OpenAPI.', example: '3.1.0' }) })
      .meta({ id: 'OpenApiDocument', description: 'An OpenAPI 3.1 document.' }),
    errors: [],
  },
});
