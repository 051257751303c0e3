import { useQuery } from '@tanstack/react-query';
import { api } from '../../../lib/api/client.ts';
import { keys } from '../../../lib/api/keys.ts';
import { ApiError, unwrap } from '../../../lib/api/problem.ts';
import type { ModelVersion } from '../../../lib/api/types.ts';

const missing = (version: string) =>
  new ApiError({
    type: 'about:blank',
    title: 'Not found',
    status: 404,
    detail: `There is no version ${version}.`,
    code: 'not_found',
    request_id: '',
  });

/** The API has no route for one version, so the list is searched, newest first, a hundred at a time. */
async function findVersion(version: string): Promise<ModelVersion> {
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = { limit: 100, ...(cursor !== null && { cursor }) };
    const page = await unwrap(api.GET('/api/v2/model/versions', { params: { query } }));
    const found = page.items.find((item) => item.version === version);
    if (found) return found;
    cursor = page.next_cursor;
  } while (cursor !== null);
  throw missing(version);
}

export const useVersion = (version: string) =>
  useQuery({ queryKey: [...keys.model, 'version', version], queryFn: () => findVersion(version) });
