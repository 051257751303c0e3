import { Text } from '@mantine/core';
import { useCallback, useState } from 'react';
import { FilePreview } from '../../../components/media/file-preview.tsx';
import { SoundWaveform } from '../../../components/media/sound-waveform.tsx';
import classes from './row-preview.module.css';

interface MediumPreviewProps {
  /** A local file of the user, so its bytes are trusted. */
  file: File;
  medium: 'image' | 'pdf' | 'audio';
  name: string;
  /** Of the stored file, once it is ready: the server draws what the browser cannot show. */
  fileId: string | undefined;
}

/** Shows a medium as the browser renders it, or says that it cannot (TIFF). */
export function MediumPreview({ file, medium, name, fileId }: MediumPreviewProps) {
  const [broken, setBroken] = useState(false);
  const showFile = useCallback(
    (element: HTMLImageElement | HTMLAudioElement | HTMLIFrameElement | null) => {
      if (!element) return undefined;
      // With an explicit type, the browser does not render the content as a page.
      const url = URL.createObjectURL(
        medium === 'pdf' ? new Blob([file], { type: 'application/pdf' }) : file,
      );
      element.src = url;
      return () => URL.revokeObjectURL(url);
    },
    [file, medium],
  );
  const fail = () => setBroken(true);
  if (broken && fileId !== undefined)
    return <FilePreview medium={{ fileId, sha256: undefined }} label={name} size="large" />;
  if (broken)
    return (
      <Text size="sm" c="dimmed">
        This browser cannot show the file; a preview follows after the inspection.
      </Text>
    );
  if (medium === 'audio')
    return (
      <div>
        {fileId !== undefined && (
          <SoundWaveform medium={{ fileId, sha256: undefined }} bytes={file} label={`Waveform of ${name}`} />
        )}
        <audio ref={showFile} controls aria-label={name} onError={fail} />
      </div>
    );
  if (medium === 'pdf')
    return <iframe ref={showFile} title={name} className={classes.document} onError={fail} />;
  return <img ref={showFile} alt={name} className={classes.medium} onError={fail} />;
}
