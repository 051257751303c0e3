import * as z from 'zod';
import { COMMON, EDGE, TABLE, FILES, ENDPOINT, RELEASE, BASE_PRICE, FIAT } from '../shared/env-parts.ts';

export const Env = z.object({
  ...COMMON,
  ...EDGE,
  ...TABLE,
  ...FILES,
  ...ENDPOINT,
  ...RELEASE,
  ...BASE_PRICE,
  ...FIAT,
});
export type Env = z.infer<typeof Env>;
