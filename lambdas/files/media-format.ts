import { fileTypeFromBuffer } from 'file-type/core';
import { FILE_KINDS, mediaTypeOfName } from '../../contracts/rules/file-kinds.ts';
import { Unreadable } from '../shared/tables/unreadable.ts';
import { textDocumentIn } from './disguise.ts';
import type { Upload } from './upload.ts';

/** The formats of media by the media types that stand for them. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ['image/png', 'png'],
  ['image/apng', 'png'],
  ['image/jpeg', 'jpeg'],
  ['image/webp', 'webp'],
  ['image/gif', 'gif'],
  ['image/tiff', 'tiff'],
  ['image/bmp', 'bmp'],
  ['image/x-ms-bmp', 'bmp'],
  ['application/pdf', 'pdf'],
  ['audio/wav', 'wav'],
  ['audio/x-wav', 'wav'],
  ['audio/wave', 'wav'],
  ['audio/vnd.wave', 'wav'],
  ['audio/flac', 'flac'],
  ['audio/x-flac', 'flac'],
  ['audio/ogg', 'ogg'],
  ['audio/opus', 'ogg'],
  ['application/ogg', 'ogg'],
  ['audio/ogg; codecs=opus', 'ogg'],
  ['audio/mpeg', 'mp3'],
  ['audio/mp3', 'mp3'],
  ['audio/mp4', 'm4a'],
  ['audio/m4a', 'm4a'],
  ['audio/x-m4a', 'm4a'],
  ['video/mp4', 'm4a'],
]);

/**
 * The format of an upload by its first bytes: one of its kind, the one that was announced, and the one that its name ends in.
 * @throws Unreadable if they differ
 */
export async function assertFormat<F extends string>(
  { print, announced }: Upload,
  isFormat: (format: string) => format is F,
): Promise<F> {
  const { name } = FILE_KINDS[announced.file_type];
  const found = await fileTypeFromBuffer(print.head);
  const format = found && FORMATS.get(found.mime);
  if (!found || format === undefined || !isFormat(format)) {
    const other = textDocumentIn(print) ?? (found ? `${found.ext.toUpperCase()} (${found.mime})` : undefined);
    throw new Unreadable(
      other === undefined ? `The file is not a ${name}.` : `The file is ${other}, not a ${name}.`,
    );
  }
  const declared = FORMATS.get(announced.content_type);
  if (declared !== format)
    throw new Unreadable(`The file is ${format}, but it was announced as ${announced.content_type}.`);
  const named = FORMATS.get(mediaTypeOfName(announced.filename) ?? '');
  if (named !== undefined && named !== format)
    throw new Unreadable(`The file is ${format}, but its name ends as that of a ${named} file.`);
  return format;
}
