import * as z from 'zod';
import { AUTH, COMMON, FILES, TABLE, WORK } from '../shared/env-parts.ts';

export const Env = z.object({ ...COMMON, ...TABLE, ...AUTH, ...FILES, ...WORK });
export type Env = z.infer<typeof Env>;
