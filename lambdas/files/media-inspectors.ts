import { inspectPdf } from './pdf/inspect-pdf.ts';
import { inspectPicture } from './pictures/inspect-picture.ts';
import { inspectSound } from './sounds/inspect-sound.ts';
import type { InspectorsOf } from './upload.ts';

/** Pictures, documents and sounds: each is read as a whole, within the limits of its kind. */
export const MEDIA_INSPECTORS: InspectorsOf<'media'> = {
  image: inspectPicture,
  pdf: inspectPdf,
  audio: inspectSound,
};
