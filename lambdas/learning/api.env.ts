import * as z from 'zod';
import {
  COMMON,
  EDGE,
  TABLE,
  AUTH,
  WORK,
  ENDPOINT,
  TRAINING_MACHINE,
  NIGHTLY,
  WATCH,
} from '../shared/env-parts.ts';

export const Env = z.object({
  ...COMMON,
  ...EDGE,
  ...TABLE,
  ...AUTH,
  ...WORK,
  ...ENDPOINT,
  ...TRAINING_MACHINE,
  ...NIGHTLY,
  ...WATCH,
});
export type Env = z.infer<typeof Env>;
