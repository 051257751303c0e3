import type { FileMetadata, MetadataOf } from '../../contracts/entities/file-metadata.ts';
import type { File } from '../../contracts/entities/file.ts';
import { FILE_KINDS } from '../../contracts/rules/file-kinds.ts';
import type { FileKind, Inspection } from '../../contracts/rules/file-kinds.ts';
import { objects } from '../../contracts/naming.ts';
import type { ByteChunks } from '../shared/tables/source.ts';
import type { Fingerprint } from './fingerprint.ts';

/** Bytes that are stored beside the uploaded ones. */
export interface KeptCopy {
  readonly sha256: string;
  readonly size_bytes: number;
}

/** An upload after the first pass over its bytes. */
export interface Upload {
  readonly print: Fingerprint;
  readonly announced: Pick<File, 'file_type' | 'content_type' | 'filename' | 'sheet'>;
  /** The encoding that its owner chose, if the guess was wrong. */
  readonly chosenEncoding?: string | undefined;
  /** Reads the same bytes again. */
  readonly open: () => Promise<ByteChunks>;
  /** Stores another form of the file beside it; it is removed again unless the file becomes ready. */
  readonly keep: (body: Uint8Array) => Promise<KeptCopy>;
  /** @throws Unreadable once the file has taken too long */
  readonly checkTime: () => void;
}

/** Reads a whole upload as its announced type and returns its metadata. @throws Unreadable */
export type Inspector<K extends FileKind> = (upload: Upload) => Promise<MetadataOf<K>>;
export type AnyInspector = (upload: Upload) => Promise<FileMetadata>;

/** The kinds of file that one function inspects. */
type KindsOf<I extends Inspection> = {
  [K in FileKind]: (typeof FILE_KINDS)[K]['inspection'] extends I ? K : never;
}[FileKind];

/** The inspectors of one function; a kind of file without one does not compile. */
export type InspectorsOf<I extends Inspection> = { readonly [K in KindsOf<I>]: Inspector<K> };

/** Where a file is uploaded to. */
export const uploadKey = ({ file_type, id }: Pick<File, 'file_type' | 'id'>): string =>
  objects.upload(FILE_KINDS[file_type].inspection, id);
