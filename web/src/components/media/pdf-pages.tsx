import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import { useEffect, useRef, useState } from 'react';
import classes from './media.module.css';

GlobalWorkerOptions.workerSrc = workerUrl;

/** Pixels of a page for each CSS pixel: sharp on a dense screen, bounded for a large page. */
const MAX_SCALE = 2;

function usePdf(bytes: Blob) {
  const [state, setState] = useState<{ pdf?: PDFDocumentProxy; error?: unknown }>({});
  useEffect(() => {
    let wanted = true;
    const open = async () => getDocument({ data: await bytes.arrayBuffer() }).promise;
    const opening = open();
    opening.then(
      (pdf) => wanted && setState({ pdf }),
      (error: unknown) => wanted && setState({ error }),
    );
    return () => {
      wanted = false;
      opening.then(
        (pdf) => pdf.loadingTask.destroy(),
        () => undefined, // what was never opened holds nothing
      );
    };
  }, [bytes]);
  return state;
}

interface PageProps {
  readonly pdf: PDFDocumentProxy;
  readonly number: number;
  readonly label: string;
}

/** Draws one page, and keeps its text for a screen reader. */
function PdfPage({ pdf, number, label }: PageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [text, setText] = useState('');
  useEffect(() => {
    let wanted = true;
    const draw = async () => {
      const page = await pdf.getPage(number);
      const element = canvas.current;
      if (!wanted || !element) return;
      const width = element.parentElement?.clientWidth ?? 600;
      const density = Math.min(MAX_SCALE, window.devicePixelRatio);
      const viewport = page.getViewport({
        scale: (width / page.getViewport({ scale: 1 }).width) * density,
      });
      Object.assign(element, { width: viewport.width, height: viewport.height });
      await page.render({ canvas: element, viewport }).promise;
      const { items } = await page.getTextContent();
      if (wanted) setText(items.map((item) => ('str' in item ? item.str : '')).join(' '));
    };
    void draw();
    return () => {
      wanted = false;
    };
  }, [pdf, number]);
  return (
    <>
      <canvas ref={canvas} className={classes.page} role="img" aria-label={label} />
      <p className="visually-hidden">{text}</p>
    </>
  );
}

/** A PDF, a page at a time. Drawn by pdf.js: the browser's own viewer needs plugins, which the security policy forbids. */
export default function PdfPages({ bytes, name }: { readonly bytes: Blob; readonly name: string }) {
  const { pdf, error } = usePdf(bytes);
  const [number, setNumber] = useState(1);
  if (error)
    return (
      <Text size="sm" role="alert">
        {name} cannot be shown: {error instanceof Error ? error.message : 'it is not a readable PDF'}.
      </Text>
    );
  if (!pdf) return <Skeleton height={320} />;
  return (
    <Stack gap="xs">
      <PdfPage pdf={pdf} number={number} label={`${name}, page ${number} of ${pdf.numPages}`} />
      {pdf.numPages > 1 && (
        <Group justify="center" gap="xs">
          <Button
            size="compact-xs"
            variant="default"
            disabled={number === 1}
            onClick={() => setNumber(number - 1)}
          >
            Previous page
          </Button>
          <Text size="xs" role="status">
            {number} of {pdf.numPages}
          </Text>
          <Button
            size="compact-xs"
            variant="default"
            disabled={number === pdf.numPages}
            onClick={() => setNumber(number + 1)}
          >
            Next page
          </Button>
        </Group>
      )}
    </Stack>
  );
}
