import { useQuery } from '@tanstack/react-query';
import { api } from '../../lib/api/client.ts';
import { keys } from '../../lib/api/keys.ts';
import { unwrap } from '../../lib/api/problem.ts';
import type { MediumRef } from '../../lib/media/medium-ref.ts';
import classes from './file-preview.module.css';
import { useSeen } from './use-seen.ts';
import { Waveform } from './waveform.tsx';

interface FilePreviewProps {
  readonly medium: MediumRef;
  /** What the preview shows, for a screen reader; empty beside a name. */
  readonly label: string;
  readonly size?: 'thumbnail' | 'large';
}

/** A small picture of a file, the first page of a PDF, or the waveform of a sound; nothing for a file without a preview. */
export function FilePreview({ medium, label, size = 'thumbnail' }: FilePreviewProps) {
  const { fileId, sha256 } = medium;
  const { seen, ref } = useSeen();
  const { data } = useQuery({
    enabled: seen,
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
  if (!data || data.kind === 'none')
    return <div ref={ref} className={size === 'thumbnail' ? classes.thumbnail : undefined} />;
  const frame = size === 'thumbnail' ? classes.thumbnail : classes.large;
  if (data.kind === 'waveform') return <Waveform peaks={data.peaks} label={label} className={frame} />;
  return <img src={data.data_url} alt={label} className={frame} />;
}
