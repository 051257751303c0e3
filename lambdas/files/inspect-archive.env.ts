import type * as z from 'zod';
import { InspectEnv } from './inspect-env.ts';

export const Env = InspectEnv;
export type Env = z.infer<typeof Env>;
