import * as z from 'zod';
import {
  COMMON,
  EDGE,
  TABLE,
  AUTH,
  FILES,
  WORK,
  ENDPOINT,
  DEADLINE,
  BASE_PRICE,
} from '../shared/env-parts.ts';

export const Env = z.object({
  ...COMMON,
  ...EDGE,
  ...TABLE,
  ...AUTH,
  ...FILES,
  ...WORK,
  ...ENDPOINT,
  ...DEADLINE,
  ...BASE_PRICE,
});
export type Env = z.infer<typeof Env>;
