import type * as z from 'zod';
import { logger } from '../../shared/logger.ts';

/**
 * Wraps one step of the training state machine: parses its input and its output. Errors are retried by the state
 * machine and then end the run, so every step may run twice.
 */
export const step =
  <I extends z.ZodType, O extends z.ZodType>(
    input: I,
    output: O,
    run: (input: z.output<I>) => Promise<z.input<O>>,
  ) =>
  async (event: unknown): Promise<z.output<O>> => {
    const parsed = input.parse(event);
    logger.info('step', { input: parsed });
    return output.parse(await run(parsed));
  };
