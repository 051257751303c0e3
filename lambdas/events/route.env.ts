import * as z from 'zod';
import { COMMON, EVENT_BUS } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...EVENT_BUS });
export type Env = z.infer<typeof Env>;
