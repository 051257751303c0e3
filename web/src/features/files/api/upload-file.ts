import type { MediaType } from '../../../../../contracts/rules/file-kinds.ts';
import { api } from '../../../lib/api/client.ts';
import { unwrap } from '../../../lib/api/problem.ts';

/** Announces a file; its bytes go by the form that comes back. */
export const announce = (file: { name: string; size: number }, content_type: MediaType, key: string) =>
  unwrap(
    api.POST('/api/v2/files/upload', {
      params: { header: { 'Idempotency-Key': key } },
      body: { filename: file.name, content_type, size_bytes: file.size },
    }),
  );
