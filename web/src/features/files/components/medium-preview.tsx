import { Text } from '@mantine/core';
import { useCallback, useState } from 'react';
import classes from './row-preview.module.css';

interface MediumPreviewProps {
  /** A local file of the user, so its bytes are trusted. */
  file: File;
  medium: 'image' | 'pdf' | 'audio';
  name: string;
}

/** Shows a medium as the browser renders it, or says that it cannot (TIFF). */
export function MediumPreview({ file, medium, name }: MediumPreviewProps) {
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
  if (broken)
    return (
      <Text size="sm" c="dimmed">
        No preview: this browser cannot show the file.
      </Text>
    );
  if (medium === 'audio') return <audio ref={showFile} controls aria-label={name} onError={fail} />;
  if (medium === 'pdf')
    return <iframe ref={showFile} title={name} className={classes.document} onError={fail} />;
  return <img ref={showFile} alt={name} className={classes.medium} onError={fail} />;
}
