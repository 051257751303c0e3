import { api } from '../../../lib/api/client.ts';
import { unwrap } from '../../../lib/api/problem.ts';
import type { File as StoredFile } from '../../../lib/api/types.ts';
import { getFile } from './get-file.ts';

const WAIT_MS = 700;
const TRIES = 120;

/** Starts a new inspection in another encoding and waits for its result. */
export async function chooseEncoding(file_id: string, encoding: string): Promise<StoredFile> {
  let file = await unwrap(
    api.POST('/api/v2/files/{file_id}/encoding', { params: { path: { file_id } }, body: { encoding } }),
  );
  for (let tried = 0; file.status === 'pending' && tried < TRIES; tried += 1) {
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    file = await getFile(file_id);
  }
  return file;
}
