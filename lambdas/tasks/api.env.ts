import * as z from 'zod';
import { COMMON, EDGE, TABLE, AUTH, WORK, DEADLINE, BASE_PRICE, EXECUTE_QUEUE } from '../shared/env-parts.ts';

export const Env = z.object({
  ...COMMON,
  ...EDGE,
  ...TABLE,
  ...AUTH,
  ...WORK,
  ...DEADLINE,
  ...BASE_PRICE,
  ...EXECUTE_QUEUE,
});
export type Env = z.infer<typeof Env>;
