import { PDFiumLibrary } from '@hyzyla/pdfium';
import { smallFromPixels } from './picture.ts';
import type { SmallPicture } from './picture.ts';

export interface PagePicture extends SmallPicture {
  readonly pages: number;
}

/** Points (1/72 inch) of the longer side of a page that is drawn at its natural size. */
const MAX_SCALE = 4;

/** Compiled once in a thread. */
let library: ReturnType<typeof PDFiumLibrary.init> | undefined;

/** Draws a page of a PDF. @param page from 1; undefined is returned if the document has no such page */
export async function pdfPage(
  bytes: Buffer,
  page: number,
  maxSide: number,
): Promise<PagePicture | undefined> {
  library ??= PDFiumLibrary.init();
  const document = await (await library).loadDocument(bytes);
  try {
    const pages = document.getPageCount();
    if (page > pages) return undefined;
    const drawn = document.getPage(page - 1);
    const { originalWidth, originalHeight } = drawn.getOriginalSize();
    const scale = Math.min(MAX_SCALE, maxSide / Math.max(originalWidth, originalHeight, 1));
    const { data, width, height } = await drawn.render({ scale, render: 'bitmap' });
    return { ...(await smallFromPixels({ data, width, height }, maxSide)), pages };
  } finally {
    document.destroy();
  }
}
