import { useQuery } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { keys } from '../../lib/api/keys.ts';
import { unwrap } from '../../lib/api/problem.ts';
import type { MediumRef } from '../../lib/media/medium-ref.ts';

/** The preview that the server draws of a medium. */
export const useFilePreview = ({ fileId, sha256 }: MediumRef, enabled: boolean) =>
  useQuery({
    enabled,
    queryKey: [...keys.previews, fileId, sha256],
    queryFn: () =>
      unwrap(
        api.GET('/api/v2/files/{file_id}/preview', {
          params: { path: { file_id: fileId }, query: sha256 === undefined ? {} : { sha256 } },
        }),
      ),
    // Bytes never change under their hash.
    staleTime: Infinity,
    retry: false,
  });
