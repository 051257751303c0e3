import type { MetadataOf, SoundFormat } from '../../../contracts/entities/file-metadata.ts';
import { LIMITS } from '../../../contracts/limits.ts';
import { Unreadable } from '../../shared/tables/unreadable.ts';
import { assertNoArchive } from '../hidden.ts';
import { assertFormat } from '../media-format.ts';
import type { Upload } from '../upload.ts';
import { wholeUpload } from '../whole-upload.ts';
import { readFlac } from './flac.ts';
import { readM4a } from './m4a.ts';
import { readMp3 } from './mp3.ts';
import { readOgg } from './ogg.ts';
import type { Sound } from './sound.ts';
import { readWav } from './wav.ts';

const READERS: { readonly [F in SoundFormat]: (bytes: Buffer) => Sound } = {
  wav: readWav,
  flac: readFlac,
  ogg: readOgg,
  mp3: readMp3,
  m4a: readM4a,
};

export const isSoundFormat = (format: string): format is SoundFormat => Object.hasOwn(READERS, format);

/** Samples a second that the model takes. */
const RATES = { min: 1_000, max: 192_000 };
const MAX_CHANNELS = 8;

/** @throws Unreadable */
export function readSound(bytes: Buffer, format: SoundFormat): Sound {
  assertNoArchive(bytes);
  const sound = READERS[format](bytes);
  const { seconds, channels, sampleRate } = sound;
  if (sampleRate < RATES.min || sampleRate > RATES.max)
    throw new Unreadable(
      `The sound has ${sampleRate} samples a second; ${RATES.min} to ${RATES.max} can be used.`,
    );
  if (channels < 1 || channels > MAX_CHANNELS)
    throw new Unreadable(`The sound has ${channels} channels; 1 to ${MAX_CHANNELS} can be used.`);
  if (!(seconds > 0) || seconds > LIMITS.soundHours.value * 3_600)
    throw new Unreadable(
      `The sound must be longer than nothing and last ${LIMITS.soundHours.value} hours at most.`,
    );
  return sound;
}

/** @throws Unreadable */
export async function inspectSound(upload: Upload): Promise<MetadataOf<'audio'>> {
  const format = assertFormat(upload, isSoundFormat);
  const { seconds, channels, sampleRate } = readSound(await wholeUpload(upload), format);
  return {
    file_type: 'audio',
    sha256: upload.print.sha256,
    format,
    duration_seconds: Math.round(seconds * 1000) / 1000,
    channels,
    sample_rate: sampleRate,
  };
}
