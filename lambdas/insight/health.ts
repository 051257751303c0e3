import type * as z from 'zod';
import type { ROUTES } from '../../contracts/api/routes.ts';

type Health = z.infer<typeof ROUTES.health.response>;
type Check = Health['checks']['table'];

/** Checks of one component each, which throw if it does not answer. @returns an optional detail */
export interface Probes {
  readonly table: (signal: AbortSignal) => Promise<void>;
  readonly bucket: (signal: AbortSignal) => Promise<void>;
  /** SageMaker's own status of the endpoint. */
  readonly endpoint: (signal: AbortSignal) => Promise<string>;
}

const TIMEOUT_MS = 2_000;

/** In service while it changes to another configuration. */
const SERVING = new Set(['InService']);
const CHANGING = new Set(['Updating', 'SystemUpdating', 'RollingBack']);

async function checked(probe: (signal: AbortSignal) => Promise<Check>): Promise<Check> {
  try {
    return await probe(AbortSignal.timeout(TIMEOUT_MS));
  } catch (error) {
    // The name of an error tells its kind and reveals nothing about the deployment.
    return { status: 'down', detail: error instanceof Error ? error.name : 'unknown' };
  }
}

const answered = (probe: (signal: AbortSignal) => Promise<void>) => async (signal: AbortSignal) => {
  await probe(signal);
  return { status: 'ok', detail: 'answers' } as const;
};

const endpointCheck = (status: string): Check => ({
  status: SERVING.has(status) ? 'ok' : CHANGING.has(status) ? 'degraded' : 'down',
  detail: status,
});

/** Never throws: a component that is down is part of the answer. */
export async function health(probes: Probes, version: string): Promise<Health> {
  const [table, bucket, endpoint] = await Promise.all([
    checked(answered(probes.table)),
    checked(answered(probes.bucket)),
    checked(async (signal) => endpointCheck(await probes.endpoint(signal))),
  ]);
  const checks = { table, bucket, endpoint };
  const ok = Object.values(checks).every((check) => check.status === 'ok');
  return { status: ok ? 'ok' : 'degraded', version, checks };
}
