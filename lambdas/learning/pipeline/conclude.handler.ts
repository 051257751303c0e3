import * as z from 'zod';
import { Conclusion } from '../../../contracts/learning/steps.ts';
import { parseEnv } from '../../shared/env.ts';
import { conclude } from './conclude.ts';
import { concludeDependencies } from './conclude-dependencies.ts';
import { ConcludeEnv } from './pipeline.env.ts';
import { step } from './step.ts';

const deps = concludeDependencies(parseEnv(ConcludeEnv));

export const handler = step(Conclusion, z.void(), (end) => conclude(deps, end));
