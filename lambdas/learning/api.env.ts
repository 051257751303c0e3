import * as z from 'zod';
import { COMMON, EDGE, TABLE, AUTH, WORK, ENDPOINT, TRAINING_MACHINE, NIGHTLY } from '../shared/env-parts.ts';

export const Env = z.object({
  ...COMMON,
  ...EDGE,
  ...TABLE,
  ...AUTH,
  ...WORK,
  ...ENDPOINT,
  ...TRAINING_MACHINE,
  ...NIGHTLY,
});
export type Env = z.infer<typeof Env>;
