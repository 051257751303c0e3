import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Places } from '../environment.ts';

/** Where functions record their calls of AWS. */
export const callsFolder = ({ state }: Places): string => join(dirname(state), 'calls');

/** Settings of MiniStack that its functions inherit, for an empty recording. */
export function recordingSettings(places: Places): Record<string, string> {
  const folder = callsFolder(places);
  rmSync(folder, { recursive: true, force: true });
  const recorder = pathToFileURL(join(import.meta.dirname, 'record.ts')).href;
  return { NODE_OPTIONS: `--import=${recorder}`, DUKENET_CALLS_FOLDER: folder };
}
