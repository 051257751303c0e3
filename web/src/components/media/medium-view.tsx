import { Anchor, Button, Group, ScrollArea, Skeleton, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import type { MediumRef } from '../../lib/media/medium-ref.ts';
import { useMedium, type Medium } from '../../lib/media/use-medium.ts';
import { ProblemAlert } from '../problem-alert.tsx';
import { FilePreview } from './file-preview.tsx';
import classes from './media.module.css';
import { SoundWaveform } from './sound-waveform.tsx';

const PdfPages = lazy(() => import('./pdf-pages.tsx'));

interface ShownProps extends Medium {
  readonly medium: MediumRef;
  readonly fileType: string;
  /** Of a text: how its bytes are encoded; UTF-8 where the item does not say. */
  readonly encoding: string | undefined;
}

/** Gives an element the bytes as its source, for as long as it is mounted. */
const useBlobSource = (bytes: Blob) =>
  useCallback(
    (element: HTMLImageElement | HTMLAudioElement | HTMLAnchorElement | null) => {
      if (!element) return undefined;
      const url = URL.createObjectURL(bytes);
      if (element instanceof HTMLAnchorElement) element.href = url;
      else element.src = url;
      return () => URL.revokeObjectURL(url);
    },
    [bytes],
  );

function TextContent({ bytes, encoding }: Pick<ShownProps, 'bytes' | 'encoding'>) {
  const [text, setText] = useState<string>();
  useEffect(() => {
    let wanted = true;
    const read = async () => new TextDecoder(encoding ?? 'utf-8').decode(await bytes.arrayBuffer());
    void read().then((decoded) => wanted && setText(decoded));
    return () => {
      wanted = false;
    };
  }, [bytes, encoding]);
  if (text === undefined) return <Skeleton height={120} />;
  return (
    <ScrollArea.Autosize mah={420} type="auto" viewportProps={{ tabIndex: 0 }}>
      <Text size="sm" className={classes.text}>
        {text}
      </Text>
    </ScrollArea.Autosize>
  );
}

function Content({ filename, bytes, fileType, encoding, medium }: ShownProps) {
  const source = useBlobSource(bytes);
  const [unreadable, setUnreadable] = useState(false);
  if (fileType === 'text') return <TextContent bytes={bytes} encoding={encoding} />;
  if (fileType === 'pdf')
    return (
      <Suspense fallback={<Skeleton height={320} />}>
        <PdfPages bytes={bytes} name={filename} />
      </Suspense>
    );
  if (!unreadable && fileType === 'image')
    return (
      <img ref={source} alt={filename} className={classes.picture} onError={() => setUnreadable(true)} />
    );
  if (!unreadable && fileType === 'audio')
    return (
      <Stack gap={4}>
        <SoundWaveform medium={medium} bytes={bytes} label={`Waveform of ${filename}`} />
        <audio
          ref={source}
          controls
          aria-label={filename}
          className={classes.sound}
          onError={() => setUnreadable(true)}
        />
      </Stack>
    );
  return (
    <Stack gap="xs">
      {/* Few browsers show TIFF; the server draws it. */}
      <FilePreview medium={medium} label={filename} size="large" />
      <Text size="sm">
        This browser cannot show {filename}.{' '}
        <Anchor ref={source} download={filename}>
          Download it
        </Anchor>
      </Text>
    </Stack>
  );
}

interface Props {
  readonly medium: MediumRef;
  /** `image`, `pdf`, `audio`, `text`: as the item says. */
  readonly fileType: string;
  readonly encoding?: string | undefined;
}

/** A medium of an item: a picture, a player, the pages of a document, or a text. */
export function MediumView({ medium, fileType, encoding }: Props) {
  const query = useMedium(medium);
  if (query.data) return <Content {...query.data} medium={medium} fileType={fileType} encoding={encoding} />;
  if (query.error)
    return (
      <ProblemAlert error={query.error}>
        <Group mt="xs">
          <Button size="xs" variant="light" color="red" onClick={() => void query.refetch()}>
            Try again
          </Button>
        </Group>
      </ProblemAlert>
    );
  return <Skeleton height={fileType === 'audio' ? 54 : 200} role="status" aria-label="Loading the file" />;
}
