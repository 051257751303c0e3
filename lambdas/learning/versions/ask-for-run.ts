import type { TrainAnswer } from '../../../contracts/api/model.ts';
import type { Caller } from '../../shared/http/caller.ts';
import { logger } from '../../shared/logger.ts';
import type { AuditLog } from '../../shared/stores/audit-log.ts';
import type { RunStore } from '../../shared/stores/run-store.ts';
import { requestRun } from '../triggers/request-run.ts';
import type { RequestDependencies } from '../triggers/request-run.ts';
import { runView } from './views.ts';

/** Requests a run for an admin. `id` derives from the Idempotency-Key, so a repeated request starts nothing more. */
export async function askForRun(
  deps: RequestDependencies & { readonly runs: RunStore; readonly audit: AuditLog },
  admin: Pick<Caller, 'userId'>,
  reason: string | undefined,
  id: string,
): Promise<TrainAnswer> {
  const at = deps.clock().toISOString();
  const requested = await requestRun(deps, {
    key: `admin-${id}`,
    reason: 'admin',
    detail: reason ?? 'asked for by an admin',
    requested_by: admin.userId,
    created_at: at,
  });
  // A repeated request may be audited twice; a completed one is never missing from the audit log.
  const details = { queued: requested.outcome === 'remembered', ...(reason !== undefined && { reason }) };
  const actor_id = admin.userId;
  await deps.audit.append({
    ...{ id, at, actor_id, action: 'training.requested', subject: requested.runId, details },
  });
  logger.info('training requested', { by: admin.userId, ...requested });
  if (requested.outcome === 'remembered') return { queued: true };
  const run = await deps.runs.get(requested.runId);
  return { ...(run && { run: runView(run) }), queued: false };
}
