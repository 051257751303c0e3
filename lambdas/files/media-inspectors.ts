import { inspectPicture } from './pictures/inspect-picture.ts';
import type { InspectorsOf } from './upload.ts';

/** Pictures, documents and sounds: each is read as a whole, within the limits of its kind. */
export const MEDIA_INSPECTORS: InspectorsOf<'media'> = {
  image: inspectPicture,
};
