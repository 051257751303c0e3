import type * as z from 'zod';
import { logger } from '../../shared/logger.ts';

/**
 * One step of the training state machine: its input parsed, its answer as the contract has it. What throws is tried again
 * by the state machine, and then ends the run: every step may run twice.
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
