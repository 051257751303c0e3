import { Text } from '@mantine/core';
import { useCallback, useState } from 'react';
import classes from './row-preview.module.css';

interface MediumPreviewProps {
  /** On this computer; its bytes do not come from anybody else. */
  file: File;
  medium: 'image';
  name: string;
}

/** A picture as the browser shows it. What it cannot show (TIFF) is said. */
export function MediumPreview({ file, name }: MediumPreviewProps) {
  const [broken, setBroken] = useState(false);
  const showFile = useCallback(
    (element: HTMLImageElement) => {
      const url = URL.createObjectURL(file);
      element.src = url;
      return () => URL.revokeObjectURL(url);
    },
    [file],
  );
  if (broken)
    return (
      <Text size="sm" c="dimmed">
        No preview: this browser cannot show the file.
      </Text>
    );
  return <img ref={showFile} alt={name} className={classes.medium} onError={() => setBroken(true)} />;
}
