import type { FileView } from '../../contracts/api/files.ts';
import type { FileMetadata } from '../../contracts/entities/file-metadata.ts';
import type { File } from '../../contracts/entities/file.ts';
import { isTable } from '../../contracts/rules/file-kinds.ts';
import { planOf } from './multipart-plan.ts';

/** A file that is being deleted is shown as ready, so that its owner can repeat a delete that crashed half-way. */
export const fileView = (file: File, usedBy: readonly string[], downloadUrl?: string): FileView => ({
  id: file.id,
  filename: file.filename,
  content_type: file.content_type,
  file_type: file.file_type,
  size_bytes: file.size_bytes,
  status: file.status === 'deleting' ? 'ready' : file.status,
  ...(file.status === 'rejected' && { rejected_reason: file.rejected_reason }),
  ...(file.status === 'pending' && file.multipart && { multipart: planOf(file) }),
  metadata: 'metadata' in file ? file.metadata : null,
  used_by_tasks: [...usedBy],
  created_at: file.created_at,
  ...(downloadUrl !== undefined && { download_url: downloadUrl }),
});

/** Metadata for lists: a hundred files with all their values would exceed the 6 MB of an answer. */
export function withoutValues(metadata: FileMetadata | null): FileMetadata | null {
  if (!metadata || !isTable(metadata)) return metadata;
  return { ...metadata, columns: metadata.columns.map(({ values: _, ...column }) => column) };
}
