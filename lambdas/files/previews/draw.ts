import type { FilePreview } from '../../../contracts/api/previews.ts';

/** What is drawn: an inspected file of a format of `signatures.ts`. */
export interface Drawing {
  readonly format: string;
  readonly bytes: Buffer;
  /** Of a PDF, from 1. */
  readonly page: number;
}

const PICTURES: ReadonlySet<string> = new Set(['png', 'jpeg', 'webp', 'gif', 'tiff', 'bmp']);
const SOUNDS: ReadonlySet<string> = new Set(['wav', 'flac', 'ogg', 'mp3', 'm4a']);

export const isDrawable = (format: string): boolean =>
  PICTURES.has(format) || SOUNDS.has(format) || format === 'pdf';

/** Longer side of previews, in pixels. A page has to be read, a picture to be recognized. */
const MAX_SIDE = { picture: 480, page: 1200 } as const;
const PEAKS = 200;

const dataUrl = (webp: Buffer): string => `data:image/webp;base64,${webp.toString('base64')}`;

/**
 * Draws a file. Each library is loaded when its first file comes.
 * @throws Error if the bytes cannot be decoded
 */
export async function draw({ format, bytes, page }: Drawing): Promise<FilePreview> {
  if (format === 'pdf') {
    const { pdfPage } = await import('./pdf-page.ts');
    const drawn = await pdfPage(bytes, page, MAX_SIDE.page);
    if (!drawn) return { kind: 'none', reason: `The document has no page ${page}.` };
    const { webp, ...size } = drawn;
    return { kind: 'page', data_url: dataUrl(webp), page, ...size };
  }
  if (PICTURES.has(format)) {
    const { thumbnail } = await import('./picture.ts');
    const { webp, ...size } = await thumbnail(format, bytes, MAX_SIDE.picture);
    return { kind: 'picture', data_url: dataUrl(webp), ...size };
  }
  const { waveform } = await import('./waveform.ts');
  const peaks = await waveform(format, bytes, PEAKS);
  if (!peaks) return { kind: 'none', reason: 'The server does not decode this encoding.' };
  return { kind: 'waveform', peaks };
}
