import * as z from 'zod';
import { COMMON, TABLE, FILES, ENDPOINT, RELEASE, BASE_PRICE, FIAT } from '../shared/env-parts.ts';

export const Env = z.object({
  ...COMMON,
  ...TABLE,
  ...FILES,
  ...ENDPOINT,
  ...RELEASE,
  ...BASE_PRICE,
  ...FIAT,
});
export type Env = z.infer<typeof Env>;
