import { Unreadable } from '../../shared/tables/unreadable.ts';
import { TiffBytes } from './ifd.ts';

const ORIENTATION = 0x0112;
const GPS_DIRECTORY = 0x8825;

interface ExifFacts {
  /** 1 (upright) to 8, as cameras write it. */
  readonly orientation: number;
  readonly hasLocation: boolean;
}

/** Reads orientation and whether there is a location. Broken data counts as upright without location, since it is removed in any case. */
export function exifFacts(tiff: Buffer): ExifFacts {
  try {
    const bytes = new TiffBytes(tiff);
    const { entries } = bytes.directory(bytes.first);
    const orientation = entries.find(({ tag, count }) => tag === ORIENTATION && count === 1);
    const turned = orientation ? bytes.integers(orientation)[0]! : 1;
    return {
      orientation: turned >= 1 && turned <= 8 ? turned : 1,
      hasLocation: entries.some(({ tag }) => tag === GPS_DIRECTORY),
    };
  } catch (error) {
    if (error instanceof Unreadable) return { orientation: 1, hasLocation: false };
    throw error;
  }
}

/** EXIF data with an orientation and nothing else. */
export function orientationOnly(orientation: number): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write('MM', 0, 'latin1');
  tiff.writeUInt16BE(42, 2);
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  tiff.writeUInt16BE(ORIENTATION, 10);
  tiff.writeUInt16BE(3, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(orientation, 18);
  return tiff;
}
