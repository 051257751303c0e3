import { FilePreview } from '../../contracts/api/previews.ts';
import type { File } from '../../contracts/entities/file.ts';
import { DukeError } from '../../contracts/errors.ts';
import { objects } from '../../contracts/naming.ts';
import { readHash } from '../../contracts/rules/file-kinds.ts';
import type { Caller } from '../shared/http/caller.ts';
import { logger } from '../shared/logger.ts';
import { ObjectMissing } from '../shared/objects.ts';
import type { ObjectStore } from '../shared/objects.ts';
import type { FileStore } from '../shared/stores/file-store.ts';
import { isDrawable } from './previews/draw.ts';
import type { Drawing } from './previews/draw.ts';
import { visibleFile } from './read-files.ts';
import { detectFormat } from './signatures.ts';

export interface PreviewDependencies {
  readonly files: FileStore;
  readonly store: ObjectStore;
  /** @throws Error if the bytes cannot be drawn, or not in time */
  readonly draw: (drawing: Drawing) => Promise<FilePreview>;
}

interface PreviewRequest {
  readonly id: string;
  /** Hash of a member of an archive. */
  readonly sha256?: string | undefined;
  readonly page: number;
}

const none = (reason: string): FilePreview => ({ kind: 'none', reason });

/**
 * The preview of the form of a file that tasks read. Drawn at the first request; failures are stored too, so that no file is
 * decoded in vain twice.
 * @throws DukeError not_found, also for files that the caller may not see
 */
export async function previewFile(
  deps: PreviewDependencies,
  caller: Caller,
  scope: 'own' | 'party' | 'any',
  { id, sha256, page }: PreviewRequest,
): Promise<FilePreview> {
  const file = await visibleFile(deps.files, caller, scope, id);
  if (file.status !== 'ready') return none(`The file is ${file.status}.`);
  const hash = hashToDraw(file, sha256);
  const key = objects.preview(id, hash, page);
  const stored = await storedPreview(deps.store, key);
  if (stored) return stored;
  const { preview, isFinal } = await drawn(deps, objects.ready(id, hash), page);
  if (isFinal) await deps.store.put(key, JSON.stringify(preview), 'application/json');
  return preview;
}

/** The original of a file may hold the coordinates of a home: the copy without metadata is drawn. */
function hashToDraw({ metadata }: Extract<File, { status: 'ready' }>, sha256: string | undefined): string {
  return sha256 === undefined || sha256 === metadata.sha256 ? readHash(metadata) : sha256;
}

async function storedPreview(store: ObjectStore, key: string): Promise<FilePreview | undefined> {
  try {
    return FilePreview.parse(JSON.parse(await store.text(key)));
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined;
    throw error;
  }
}

/** @throws DukeError not_found if the file has no bytes with this hash */
async function drawn(
  { store, draw }: PreviewDependencies,
  key: string,
  page: number,
): Promise<{ preview: FilePreview; isFinal: boolean }> {
  const drawable = await drawableBytes(store, key);
  if (!drawable) return { preview: none('Tables and texts have no preview.'), isFinal: false };
  try {
    return { preview: await draw({ ...drawable, page }), isFinal: true };
  } catch (error) {
    // Nothing depends on a preview: the file can be used without it.
    logger.warn('a preview failed', { key, error: error as Error });
    return { preview: none('The file cannot be drawn.'), isFinal: true };
  }
}

/** The bytes of a file that can be drawn; undefined for any other, of which only the beginning is read. */
async function drawableBytes(
  store: ObjectStore,
  key: string,
): Promise<Pick<Drawing, 'format' | 'bytes'> | undefined> {
  const chunks: Buffer[] = [];
  let format: string | undefined;
  try {
    for await (const chunk of await store.stream(key)) {
      chunks.push(Buffer.from(chunk as Uint8Array));
      format ??= detectFormat(Buffer.concat(chunks))?.format;
      if (format === undefined || !isDrawable(format)) return undefined;
    }
  } catch (error) {
    if (error instanceof ObjectMissing)
      throw new DukeError('not_found', 'The file has no such content.', { cause: error });
    throw error;
  }
  return format === undefined ? undefined : { format, bytes: Buffer.concat(chunks) };
}
