import { comparable } from './comparable.ts';

/** A name with an extension of letters and digits, and no path: `report.txt`, `IMG 12.jpeg`. */
const FILE_NAME = /^[^/\\]{1,250}\.(?=\d*[a-z])([a-z0-9]{2,5})$/i;

/** The lower-case extension of a text that looks like a file name; undefined for other texts. */
export const extensionOf = (text: string): string | undefined =>
  FILE_NAME.exec(comparable(text))?.[1]?.toLowerCase();

/** Finds files by cell content: an equal name (by `comparable`), else the only one that differs in case. */
export class NamedFiles<F extends { readonly filename: string }> {
  readonly #exact: ReadonlyMap<string, F>;
  readonly #folded: ReadonlyMap<string, readonly F[]>;
  readonly extensions: ReadonlySet<string>;

  constructor(files: readonly F[]) {
    this.#exact = new Map(files.map((file) => [comparable(file.filename), file]));
    this.#folded = Map.groupBy(files, ({ filename }) => comparable(filename).toLowerCase());
    this.extensions = new Set(files.flatMap(({ filename }) => extensionOf(filename) ?? []));
  }

  find(text: string): F | undefined {
    const name = comparable(text);
    const folded = this.#folded.get(name.toLowerCase());
    return this.#exact.get(name) ?? (folded?.length === 1 ? folded[0] : undefined);
  }

  /** Whether a text looks like the name of one of these files (by its extension) but is none. */
  isAbsent(text: string): boolean {
    const extension = extensionOf(text);
    return extension !== undefined && this.extensions.has(extension) && this.find(text) === undefined;
  }
}

/** Extensions of typical attachments. A column that contains only such names refers to files. */
const ATTACHED = new Set(
  'txt md log pdf doc docx rtf html htm eml png jpg jpeg gif webp tif tiff bmp svg heic wav mp3 flac ogg m4a aac mp4 mov avi csv json xml'.split(
    ' ',
  ),
);

export const namesAnAttachment = (text: string): boolean => ATTACHED.has(extensionOf(text) ?? '');
