import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { logger } from '../../../lambdas/shared/logger.ts';
import { ENVIRONMENT } from './environment.ts';

interface MockedClient {
  reset(): { onAnyCommand(): { resolves(answer: object): unknown } };
}

/** Registers hooks that give handlers their environment, silence the logger, and reset clients to answer `{}`. */
export function stubHandlers(clients: readonly MockedClient[]): void {
  beforeAll(() => {
    for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });
  beforeEach(() => {
    for (const level of ['info', 'warn', 'error'] as const)
      vi.spyOn(logger, level).mockReturnValue(undefined);
    for (const client of clients) client.reset().onAnyCommand().resolves({});
  });
}
