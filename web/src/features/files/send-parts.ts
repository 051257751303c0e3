import { sendParts, type PartPorts } from '../../../../client/typescript/src/parts.ts';
import { isRetryable, sleep } from '../../../../client/typescript/src/retries.ts';
import { signParts, uploadState, completeUpload } from './api/upload-parts.ts';
import { sendBytes } from './send-bytes.ts';

const PAUSES_MS = [1_000, 3_000, 10_000, 30_000];

/** Sends what has not arrived of a file, and completes its upload. `onProgress` gets 0..1. */
export async function sendInParts(
  fileId: string,
  file: Blob,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const ports: PartPorts = {
    list: () => patiently(() => uploadState(fileId), signal),
    sign: (parts) => patiently(() => signParts(fileId, parts), signal),
    put: ({ url, headers }, bytes, onSent) =>
      patiently(
        () => sendBytes({ method: 'PUT', url, headers, body: bytes.slice() }, onSent, signal),
        signal,
      ),
  };
  await sendParts(file, ports, { onProgress: (sent, total) => onProgress(sent / total), signal });
  await patiently(() => completeUpload(fileId), signal);
}

/** Tries again after a dropped connection, which may take a minute to come back. */
async function patiently<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted || !isRetryable(error, true)) throw error;
      await sleep(pause, signal);
    }
  }
  return attempt();
}
