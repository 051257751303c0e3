import * as z from 'zod';
import { COMMON, TABLE, AUTH, FILES } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...AUTH, ...FILES });
export type Env = z.infer<typeof Env>;
