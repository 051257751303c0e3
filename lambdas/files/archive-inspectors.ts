import { inspectWorkbook } from './archives/inspect-workbook.ts';
import { inspectZip } from './archives/inspect-zip.ts';
import type { InspectorsOf } from './upload.ts';

/** ZIP archives, which are read from disk. */
export const ARCHIVE_INSPECTORS: InspectorsOf<'archive'> = {
  xlsx: inspectWorkbook,
  zip: inspectZip,
};
