import type { FileView } from '../../contracts/api/files.ts';
import type { MediaType } from '../../contracts/rules/file-kinds.ts';
import type { ApiClient } from './api-client.ts';
import { poll } from './poll.ts';

export interface Upload {
  readonly filename: string;
  readonly content_type: MediaType;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const POLL_MS = 250;

/** Announces a file, uploads its bytes, and waits for the inspection. */
export async function uploadFile(api: ApiClient, upload: Upload, timeoutMs = 120_000): Promise<FileView> {
  const { filename, content_type, bytes } = upload;
  const { file, upload: target } = await api.call('uploadFile', {
    body: { filename, content_type, size_bytes: bytes.byteLength },
  });
  const form = new FormData();
  for (const [name, value] of Object.entries(target.fields)) form.append(name, value);
  form.append('file', new Blob([bytes], { type: content_type }), filename);
  const response = await fetch(target.url, { method: 'POST', body: form });
  if (!response.ok)
    throw new Error(`the storage refused ${filename}: ${response.status} ${await response.text()}`);
  return poll(
    async () => {
      const seen = await api.call('getFile', { params: { file_id: file.id } });
      return seen.status === 'pending' ? undefined : seen;
    },
    { everyMs: POLL_MS, timeoutMs, timeout: `${filename} was not inspected` },
  );
}
