import * as z from 'zod';
import { COMMON, TABLE, WORK } from '../../shared/env-parts.ts';

export const RecordEnv = z.object({ ...COMMON, ...TABLE, ...WORK });
