import { FILE_KINDS, mediaTypeOfName } from '../../contracts/rules/file-kinds.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';
import { textDocumentIn } from './disguise-text.ts';
import { detectFormat } from './signatures.ts';
import type { Upload } from './upload.ts';

/** The formats of media and archives by the media types that stand for them. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpeg'],
  ['image/webp', 'webp'],
  ['image/gif', 'gif'],
  ['image/tiff', 'tiff'],
  ['image/bmp', 'bmp'],
  ['application/pdf', 'pdf'],
  ['audio/wav', 'wav'],
  ['audio/x-wav', 'wav'],
  ['audio/wave', 'wav'],
  ['audio/vnd.wave', 'wav'],
  ['audio/flac', 'flac'],
  ['audio/x-flac', 'flac'],
  ['audio/ogg', 'ogg'],
  ['application/ogg', 'ogg'],
  ['audio/mpeg', 'mp3'],
  ['audio/mp3', 'mp3'],
  ['audio/mp4', 'm4a'],
  ['audio/m4a', 'm4a'],
  ['audio/x-m4a', 'm4a'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'zip'],
  ['application/zip', 'zip'],
  ['application/x-zip-compressed', 'zip'],
]);

/** The first bytes of a file, with its announced type and name. */
interface Announced {
  readonly print: { readonly head: Buffer };
  readonly announced: Pick<Upload['announced'], 'file_type' | 'content_type' | 'filename'>;
}

/**
 * The format of a file by its first bytes: one of its kind, the one that was announced, and the one that its name ends in.
 * @throws Unreadable if they differ
 */
export function assertFormat<F extends string>(
  { print, announced }: Announced,
  isFormat: (format: string) => format is F,
): F {
  const { name } = FILE_KINDS[announced.file_type];
  const detected = detectFormat(print.head);
  const format = detected?.format;
  if (format === undefined || !isFormat(format)) {
    const other = textDocumentIn(print.head) ?? detected?.name;
    throw new Unreadable(`The file is ${other === undefined ? 'not' : `${other}, not`} a ${name}.`);
  }
  const declared = FORMATS.get(announced.content_type);
  if (declared !== format)
    throw new Unreadable(`The file is ${format}, but it was announced as ${announced.content_type}.`);
  const named = FORMATS.get(mediaTypeOfName(announced.filename) ?? '');
  if (named !== undefined && named !== format)
    throw new Unreadable(`The file is ${format}, but its name ends as that of a ${named} file.`);
  return format;
}
