import { answered, ApiError, errorOf } from './errors.ts';
import type { Schemas } from './types.ts';

type SignedPart = Schemas['SignedPart'];

export interface SendOptions {
  /** Bytes that have arrived, of all. */
  readonly onProgress?: (sent: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** What sending a file in parts needs: the routes of its upload, and a way to send bytes. */
export interface PartPorts {
  readonly list: () => Promise<Schemas['UploadState']>;
  readonly sign: (parts: Schemas['PartToSign'][]) => Promise<Schemas['SignedParts']>;
  readonly put: (part: SignedPart, bytes: Blob, onSent: (bytes: number) => void) => Promise<void>;
}

/** Parts that are signed and sent at a time. */
const PARALLEL = 3;
/** How often a part whose URL expired on the way is signed again. */
const MAX_SIGNATURES = 3;

/**
 * Sends the parts of a file that have not arrived. A part that has arrived with other bytes, as after a change of the file,
 * is sent again. @throws what the ports throw, and the reason of the signal
 */
export async function sendParts(
  blob: Blob,
  ports: PartPorts,
  { onProgress, signal }: SendOptions = {},
): Promise<void> {
  const { multipart, parts } = await ports.list();
  const arrived = new Map(parts.map(({ part_number, sha256 }) => [part_number, sha256]));
  const sent = new Map<number, number>();
  const tell = (part: number, bytes: number): void => {
    sent.set(part, bytes);
    onProgress?.(
      [...sent.values()].reduce((sum, count) => sum + count, 0),
      blob.size,
    );
  };
  const queue = Array.from({ length: multipart.parts }, (_, i) => i + 1);
  const worker = async (): Promise<void> => {
    for (let number = queue.shift(); number !== undefined; number = queue.shift()) {
      signal?.throwIfAborted();
      const part_number = number;
      const bytes = blob.slice((part_number - 1) * multipart.part_bytes, part_number * multipart.part_bytes);
      const sha256 = await sha256Of(bytes);
      if (arrived.get(part_number) !== sha256)
        await sendPart(ports, { part_number, sha256 }, bytes, (count) => tell(part_number, count));
      tell(part_number, bytes.size);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

async function sendPart(
  ports: PartPorts,
  part: Schemas['PartToSign'],
  bytes: Blob,
  onSent: (bytes: number) => void,
): Promise<void> {
  for (let signatures = 1; ; signatures++) {
    const [signed] = (await ports.sign([part])).parts;
    if (!signed) throw new Error(`Part ${part.part_number} was not authorized.`);
    try {
      return await ports.put(signed, bytes, onSent);
    } catch (error) {
      const isExpired = error instanceof ApiError && error.status === 403;
      if (!isExpired || signatures === MAX_SIGNATURES) throw error;
    }
  }
}

/** Sends one part to object storage. @throws ApiError if the storage rejects it */
export async function putPart(
  { url, headers }: SignedPart,
  bytes: Blob,
  send: (request: Request) => Promise<Response>,
): Promise<void> {
  // Without a type: a content type would be one more signed header.
  const response = await answered(send(new Request(url, { method: 'PUT', headers, body: bytes.slice() })));
  if (!response.ok) throw errorOf(response, undefined);
}

async function sha256Of(bytes: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await bytes.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
