import { parseUploadKey } from '../../contracts/naming.ts';
import { logger } from '../shared/logger.ts';
import { rejectPending } from './expire-uploads.ts';
import { inspectFile } from './inspect-file.ts';
import type { InspectDependencies, Inspection } from './inspect-file.ts';

/**
 * Inspects an upload. If that fails at the last attempt, rejects the file with the reason that the service is at fault.
 * @throws Error at earlier attempts
 */
export async function inspectUpload(
  deps: InspectDependencies,
  key: string,
  { lastTry }: { readonly lastTry: boolean },
): Promise<Inspection> {
  try {
    return await inspectFile(deps, key);
  } catch (error) {
    if (!lastTry) throw error;
    logger.error('upload not inspected', { error: error as Error, key });
    const fileId = parseUploadKey(key);
    const file = fileId !== undefined ? await deps.files.get(fileId, { consistent: true }) : undefined;
    if (file?.status !== 'pending') return 'ignored';
    return (await rejectPending(deps, file)) ? 'rejected' : 'ignored';
  }
}
