import type { MediumRef } from '../../lib/media/medium-ref.ts';
import classes from './file-preview.module.css';
import { useFilePreview } from './use-file-preview.ts';
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
  const { seen, ref } = useSeen();
  const { data } = useFilePreview(medium, seen);
  if (!data || data.kind === 'none')
    return <div ref={ref} className={size === 'thumbnail' ? classes.thumbnail : undefined} />;
  const frame = size === 'thumbnail' ? classes.thumbnail : classes.large;
  if (data.kind === 'waveform') return <Waveform peaks={data.peaks} label={label} className={frame} />;
  return <img src={data.data_url} alt={label} className={frame} />;
}
