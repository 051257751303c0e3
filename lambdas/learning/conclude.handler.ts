import * as z from 'zod';
import { Conclusion } from '../../contracts/learning/steps.ts';
import { parseEnv } from '../shared/env.ts';
import { conclude } from './conclude.ts';
import { concludeDependencies } from './conclude-dependencies.ts';
import { Env } from './conclude.env.ts';
import { step } from './step.ts';

const deps = concludeDependencies(parseEnv(Env));

export const handler = step(Conclusion, z.void(), (end) => conclude(deps, end));
