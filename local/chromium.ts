import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { PlatformError } from './process.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const ON_MACOS = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/**
 * Path of the installed Chromium, for the suites that open pages; none is downloaded.
 * @throws PlatformError that says how to install one
 */
export function chromiumPath(environment: Record<string, string | undefined> = process.env): string {
  const configuredPath = environment['DUKENET_CHROMIUM'];
  if (configuredPath !== undefined) {
    if (isExecutable(configuredPath)) return configuredPath;
    throw new PlatformError(`DUKENET_CHROMIUM names ${configuredPath}, which cannot be run.`);
  }
  const folders = (environment['PATH'] ?? '').split(delimiter);
  const found = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ON_MACOS].find(
    isExecutable,
  );
  if (found) return found;
  throw new PlatformError(
    'The e2e suite needs Chromium or Chrome, and none was found.\n' +
      'On Debian: sudo apt-get install chromium. On macOS: brew install --cask google-chrome. ' +
      'Elsewhere: set DUKENET_CHROMIUM to its program.',
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Missing or not executable: try the next candidate.
    return false;
  }
}
