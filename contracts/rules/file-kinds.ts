import { own } from '../values/own.ts';

/**
 * The kinds of file that can be uploaded, one entry per kind. Limits, schemas, the upload form and every decision
 * between table and document follow from the entry. Code that a kind needs is required by the compiler: metadata
 * (`contracts/entities/file-metadata.ts`), inspector (`lambdas/files/inspectors.ts`) and preview
 * (`web/src/features/files/preview.ts`).
 */

/**
 * How a task uses the file. The rows of a table are items. Any other file is one item, or a medium that a cell of a
 * table names.
 */
export type FileContent = 'table' | 'text' | 'document' | 'picture' | 'sound';

/**
 * The function that inspects the file. Each has a queue and a bundle of its own, so that the libraries of one family
 * neither slow down nor endanger the others (docs/adr/0037-media-files.md).
 */
export const INSPECTIONS = ['text', 'media', 'archive'] as const;
export type Inspection = (typeof INSPECTIONS)[number];

interface FileKindEntry<MediaType extends string> {
  /** Display name: "CSV". */
  readonly name: string;
  readonly content: FileContent;
  readonly inspection: Inspection;
  readonly maxBytes: number;
  /** Media types that an upload may declare. */
  readonly mediaTypes: readonly MediaType[];
  /** Extensions without the dot, each with the media type that the page declares for it. */
  readonly endings: Readonly<Record<string, NoInfer<MediaType>>>;
}

/** Checks an entry and keeps its literal types. */
const fileKind = <const M extends string, const E extends FileKindEntry<M>>(
  entry: E & { readonly mediaTypes: readonly M[] },
): E => entry;

const MEBIBYTE = 1024 * 1024;

export const FILE_KINDS = {
  csv: fileKind({
    name: 'CSV',
    content: 'table',
    inspection: 'text',
    maxBytes: 100 * MEBIBYTE,
    mediaTypes: [
      'text/csv',
      'application/csv',
      'text/tab-separated-values',
      // Browsers declare this type for CSV files if Excel is installed.
      'application/vnd.ms-excel',
    ],
    endings: { csv: 'text/csv', tsv: 'text/csv' },
  }),
  json: fileKind({
    name: 'JSON',
    content: 'table',
    inspection: 'text',
    maxBytes: 50 * MEBIBYTE,
    mediaTypes: ['application/json', 'application/jsonl', 'application/x-jsonlines', 'application/x-ndjson'],
    endings: { json: 'application/json', jsonl: 'application/jsonl', ndjson: 'application/jsonl' },
  }),
  text: fileKind({
    name: 'text',
    content: 'text',
    inspection: 'text',
    maxBytes: 25 * MEBIBYTE,
    mediaTypes: ['text/plain'],
    endings: { txt: 'text/plain', text: 'text/plain', md: 'text/plain', eml: 'text/plain' },
  }),
  image: fileKind({
    name: 'picture',
    content: 'picture',
    inspection: 'media',
    maxBytes: 25 * MEBIBYTE,
    mediaTypes: ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/tiff', 'image/bmp'],
    endings: {
      png: 'image/png',
      jpg: 'image/jpeg',
      jpeg: 'image/jpeg',
      webp: 'image/webp',
      gif: 'image/gif',
      tif: 'image/tiff',
      tiff: 'image/tiff',
      bmp: 'image/bmp',
    },
  }),
  pdf: fileKind({
    name: 'PDF',
    content: 'document',
    inspection: 'media',
    maxBytes: 50 * MEBIBYTE,
    mediaTypes: ['application/pdf'],
    endings: { pdf: 'application/pdf' },
  }),
  audio: fileKind({
    name: 'sound',
    content: 'sound',
    inspection: 'media',
    maxBytes: 50 * MEBIBYTE,
    mediaTypes: [
      'audio/wav',
      'audio/x-wav',
      'audio/wave',
      'audio/vnd.wave',
      'audio/flac',
      'audio/x-flac',
      'audio/ogg',
      'application/ogg',
      'audio/mpeg',
      'audio/mp3',
      'audio/mp4',
      'audio/m4a',
      'audio/x-m4a',
    ],
    endings: {
      wav: 'audio/wav',
      flac: 'audio/flac',
      ogg: 'audio/ogg',
      oga: 'audio/ogg',
      opus: 'audio/ogg',
      mp3: 'audio/mpeg',
      m4a: 'audio/mp4',
    },
  }),
  xlsx: fileKind({
    name: 'Excel workbook',
    content: 'table',
    inspection: 'archive',
    maxBytes: 100 * MEBIBYTE,
    mediaTypes: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    endings: { xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  }),
  zip: fileKind({
    name: 'ZIP of a CSV and the media that it names',
    content: 'table',
    inspection: 'archive',
    maxBytes: 250 * MEBIBYTE,
    mediaTypes: ['application/zip', 'application/x-zip-compressed'],
    endings: { zip: 'application/zip' },
  }),
};

export type FileKind = keyof typeof FILE_KINDS;
export type MediaType = (typeof FILE_KINDS)[FileKind]['mediaTypes'][number];
export const fileKinds = Object.keys(FILE_KINDS) as [FileKind, ...FileKind[]];

/** The kind of a declared media type. */
export const KIND_OF_MEDIA_TYPE = Object.fromEntries(
  fileKinds.flatMap((kind) => FILE_KINDS[kind].mediaTypes.map((type) => [type, kind])),
) as Readonly<Record<MediaType, FileKind>>;
export const mediaTypes = Object.keys(KIND_OF_MEDIA_TYPE) as [MediaType, ...MediaType[]];

/** Maximum size in bytes of a file of a media type; undefined for an unknown type. */
export function maxBytesOf(mediaType: string): number | undefined {
  const kind = own<FileKind>(KIND_OF_MEDIA_TYPE, mediaType);
  return kind && FILE_KINDS[kind].maxBytes;
}

/** The media type by extension. A Map, because an extension may be `constructor`. */
const MEDIA_TYPE_OF_ENDING: ReadonlyMap<string, MediaType> = new Map(
  fileKinds.flatMap((kind): [string, MediaType][] => Object.entries(FILE_KINDS[kind].endings)),
);
/** The extensions of all kinds, with their dots. */
export const FILE_ENDINGS: readonly string[] = [...MEDIA_TYPE_OF_ENDING.keys()].map((ending) => `.${ending}`);

/** By extension, because the type that a browser declares depends on the installed programs. */
export const mediaTypeOfName = (filename: string): MediaType | undefined =>
  MEDIA_TYPE_OF_ENDING.get(filename.split('.').at(-1)?.toLowerCase() ?? '');

/** The kind of a file by the extension of its name; undefined for unknown extensions. */
export function kindOfName(filename: string): FileKind | undefined {
  const type = mediaTypeOfName(filename);
  return type && KIND_OF_MEDIA_TYPE[type];
}

/** "CSV up to 100 MB, JSON up to 50 MB"; `between` replaces "up to". */
export const sizeLimits = (between: string): string =>
  fileKinds
    .map((kind) => `${FILE_KINDS[kind].name}${between}${FILE_KINDS[kind].maxBytes / MEBIBYTE} MB`)
    .join(', ');

/** Kinds whose content is a table: their metadata has columns. */
export type TableKind = {
  [K in FileKind]: (typeof FILE_KINDS)[K]['content'] extends 'table' ? K : never;
}[FileKind];

interface OfKind {
  readonly file_type: FileKind;
}
/** Metadata that only text-based files have. */
interface OfCharacters<Guess> {
  readonly encoding?: string | undefined;
  readonly encoding_guess?: Guess | undefined;
}
/** The encoding of a text-based file; undefined for any other. */
export const encodingOf = (metadata: OfKind & OfCharacters<unknown>): string | undefined => metadata.encoding;
/** The possible encodings of a text-based file, if the inspection could only guess. */
export const encodingGuessOf = <Guess>(metadata: OfKind & OfCharacters<Guess>): Guess | undefined =>
  metadata.encoding_guess;

interface WithCopy {
  readonly sha256: string;
  readonly copy?: { readonly sha256: string; readonly size_bytes: number } | undefined;
}
/** The hash of the bytes that tasks and agents read: those of its copy, if it has one. */
export const readHash = (metadata: WithCopy): string => (metadata.copy ?? metadata).sha256;
/** The size of the bytes that tasks and agents read. */
export const readBytes = (file: { readonly size_bytes: number; readonly metadata: WithCopy }): number =>
  (file.metadata.copy ?? file).size_bytes;

/** Whether this is the metadata of a table. */
export const isTable = <M extends OfKind>(metadata: M): metadata is Extract<M, { file_type: TableKind }> =>
  FILE_KINDS[metadata.file_type].content === 'table';
