import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import { keys } from '../api/keys.ts';
import { unwrap } from '../api/problem.ts';
import type { MediumRef } from './medium-ref.ts';

export interface Medium {
  readonly filename: string;
  readonly bytes: Blob;
}

async function fetchMedium({ fileId, sha256 }: MediumRef): Promise<Medium> {
  const { filename, download_url } = await unwrap(
    api.GET('/api/v2/files/{file_id}', {
      params: { path: { file_id: fileId }, query: sha256 === undefined ? {} : { sha256 } },
    }),
  );
  if (!download_url) throw new Error(`${filename} cannot be downloaded now.`);
  const response = await fetch(download_url);
  if (!response.ok) throw new Error(`${filename} could not be downloaded (status ${response.status}).`);
  return { filename, bytes: await response.blob() };
}

/** The bytes of a medium. They never change; the address to download them from does, so the bytes are what is cached. */
export const useMedium = (ref: MediumRef) =>
  useQuery({
    queryKey: [...keys.files, 'medium', ref.fileId, ref.sha256],
    queryFn: () => fetchMedium(ref),
    staleTime: Infinity,
  });
