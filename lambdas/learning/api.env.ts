import * as z from 'zod';
import { COMMON, TABLE, AUTH, WORK, ENDPOINT, TRAINING_MACHINE, NIGHTLY } from '../shared/env-parts.ts';

export const Env = z.object({
  ...COMMON,
  ...TABLE,
  ...AUTH,
  ...WORK,
  ...ENDPOINT,
  ...TRAINING_MACHINE,
  ...NIGHTLY,
});
export type Env = z.infer<typeof Env>;
