import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { keys } from '../../lib/api/keys.ts';
import { decodedPeaks } from '../../lib/media/decoded-peaks.ts';
import type { MediumRef } from '../../lib/media/medium-ref.ts';
import { useFilePreview } from './use-file-preview.ts';
import classes from './file-preview.module.css';
import { Waveform } from './waveform.tsx';

interface Props {
  readonly medium: MediumRef;
  readonly bytes: Blob;
  readonly label: string;
}

/** The waveform of a sound from the server, else decoded by this browser, else why there is none. */
export function SoundWaveform({ medium, bytes, label }: Props) {
  const { data: preview } = useFilePreview(medium, true);
  const isMissing = preview?.kind === 'none';
  const { data: decoded, isFetched } = useQuery({
    enabled: isMissing,
    queryKey: [...keys.previews, medium.fileId, medium.sha256, 'decoded'],
    queryFn: async () => (await decodedPeaks(bytes)) ?? null,
    staleTime: Infinity,
    retry: false,
  });
  const peaks = preview?.kind === 'waveform' ? preview.peaks : decoded;
  if (peaks) return <Waveform peaks={peaks} label={label} className={classes.large} />;
  if (!isMissing || !isFetched) return null;
  return (
    <Text size="xs" c="dimmed">
      No waveform: {preview.reason}
    </Text>
  );
}
