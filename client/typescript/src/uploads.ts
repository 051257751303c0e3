import { answered, errorOf } from './errors.ts';
import type { Schemas } from './types.ts';

export type MediaType = Schemas['Upload']['content_type'];
type UploadTarget = Schemas['UploadTarget'];

export interface Upload {
  readonly filename: string;
  readonly content_type: MediaType;
  readonly data: Uint8Array<ArrayBuffer> | Blob | string;
}

export const blobOf = ({ data, content_type }: Upload): Blob => new Blob([data], { type: content_type });

/**
 * Uploads bytes to object storage by a presigned POST. The form fixes key, type and size; it needs no access token.
 * @throws ApiError if the storage rejects them
 */
export async function sendToStorage(
  { url, fields }: UploadTarget,
  { filename, blob }: { readonly filename: string; readonly blob: Blob },
  send: (request: Request) => Promise<Response>,
): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', blob, filename); // the storage ignores fields after the file
  const response = await answered(send(new Request(url, { method: 'POST', body: form })));
  if (!response.ok) throw errorOf(response, undefined);
}
