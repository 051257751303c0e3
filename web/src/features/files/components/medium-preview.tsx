import { Text } from '@mantine/core';
import { useCallback, useState } from 'react';
import classes from './row-preview.module.css';

interface MediumPreviewProps {
  /** On this computer; its bytes do not come from anybody else. */
  file: File;
  medium: 'image' | 'pdf' | 'audio';
  name: string;
}

/** A medium as the browser shows it. What it cannot show (TIFF) is said. */
export function MediumPreview({ file, medium, name }: MediumPreviewProps) {
  const [broken, setBroken] = useState(false);
  const showFile = useCallback(
    (element: HTMLImageElement | HTMLAudioElement | HTMLIFrameElement | null) => {
      if (!element) return undefined;
      // With its type set, no browser takes the content of a frame for a page.
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
