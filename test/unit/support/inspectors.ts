import { ARCHIVE_INSPECTORS } from '../../../lambdas/files/archive-inspectors.ts';
import { MEDIA_INSPECTORS } from '../../../lambdas/files/media-inspectors.ts';
import { TEXT_INSPECTORS } from '../../../lambdas/files/text-inspectors.ts';

/** The inspectors of all kinds; a deployed function has those of one family. */
export const inspectors = { ...TEXT_INSPECTORS, ...MEDIA_INSPECTORS, ...ARCHIVE_INSPECTORS };
