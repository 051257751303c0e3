import type { Schemas } from '../../../../../client/typescript/src/types.ts';
import { api } from '../../../lib/api/client.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import type { File as StoredFile } from '../../../lib/api/types.ts';

const at = (file_id: string) => ({ params: { path: { file_id } } });

export const signParts = (file_id: string, parts: Schemas['PartToSign'][]) =>
  unwrap(api.POST('/api/v2/files/{file_id}/parts', { ...at(file_id), body: { parts } }));

export const uploadState = (file_id: string) => unwrap(api.GET('/api/v2/files/{file_id}/parts', at(file_id)));

export const completeUpload = (file_id: string) =>
  unwrap(api.POST('/api/v2/files/{file_id}/complete', at(file_id)));

/** My upload of a file of this name and size that was not completed, as after a reload of the page. */
export async function unfinishedUpload(file: {
  name: string;
  size: number;
}): Promise<StoredFile | undefined> {
  const page = await unwrap(api.GET('/api/v2/files/list', { params: { query: { limit: 100 } } }));
  return page.items.find(
    ({ filename, size_bytes, multipart }) => multipart && filename === file.name && size_bytes === file.size,
  );
}
