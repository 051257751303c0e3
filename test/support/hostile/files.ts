import { ARCHIVES } from './archives.ts';
import { CHANGED } from './changed.ts';
import { DOCUMENTS } from './documents.ts';
import type { HostileFile } from './hostile-file.ts';
import { PICTURES } from './pictures.ts';
import { SOUNDS } from './sounds.ts';
import { WORKBOOKS } from './workbooks.ts';

/** All files that the inspection must reject. */
export const HOSTILE: readonly HostileFile[] = [
  ...CHANGED,
  ...PICTURES,
  ...DOCUMENTS,
  ...SOUNDS,
  ...WORKBOOKS,
  ...ARCHIVES,
];
