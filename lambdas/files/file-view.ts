import type { FileView } from '../../contracts/api/files.ts';
import type { File, FileMetadata } from '../../contracts/entities/file.ts';
import { isTable } from '../../contracts/rules/file-kinds.ts';

/** A file being deleted is still ready to its owner: a delete that stopped half-way is finished by asking again. */
export const fileView = (file: File, usedBy: readonly string[], downloadUrl?: string): FileView => ({
  id: file.id,
  filename: file.filename,
  content_type: file.content_type,
  file_type: file.file_type,
  size_bytes: file.size_bytes,
  status: file.status === 'deleting' ? 'ready' : file.status,
  ...(file.status === 'rejected' && { rejected_reason: file.rejected_reason }),
  metadata: 'metadata' in file ? file.metadata : null,
  used_by_tasks: [...usedBy],
  created_at: file.created_at,
  ...(downloadUrl !== undefined && { download_url: downloadUrl }),
});

/** Metadata as lists show it: a hundred files with all their values would not fit into one answer of 6 MB. */
export function withoutValues(metadata: FileMetadata | null): FileMetadata | null {
  if (!metadata || !isTable(metadata)) return metadata;
  return { ...metadata, columns: metadata.columns.map(({ values: _, ...column }) => column) };
}
