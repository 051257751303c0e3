/** A format that files begin with, `.` for any byte. */
interface Signature {
  readonly bytes: string;
  /** Offset of the first byte; 0 if absent. */
  readonly at?: number;
  readonly format: string;
  /** How messages name a file of it, with its article. */
  readonly name: string;
}

/** Signatures of the formats that tasks take and of those that people send by mistake. Longer ones come first. */
const SIGNATURES: readonly Signature[] = [
  { bytes: '\x89PNG\r\n\x1a\n', format: 'png', name: 'a PNG picture' },
  { bytes: '\xff\xd8\xff', format: 'jpeg', name: 'a JPEG picture' },
  { bytes: 'GIF87a', format: 'gif', name: 'a GIF picture' },
  { bytes: 'GIF89a', format: 'gif', name: 'a GIF picture' },
  { bytes: 'RIFF....WEBP', format: 'webp', name: 'a WebP picture' },
  { bytes: 'RIFF....WAVE', format: 'wav', name: 'a WAV sound' },
  { bytes: 'RIFF....AVI ', format: 'avi', name: 'an AVI video' },
  { bytes: 'II*\0', format: 'tiff', name: 'a TIFF picture' },
  { bytes: 'MM\0*', format: 'tiff', name: 'a TIFF picture' },
  { bytes: '%PDF-', format: 'pdf', name: 'a PDF document' },
  { bytes: 'fLaC', format: 'flac', name: 'a FLAC sound' },
  { bytes: 'OggS', format: 'ogg', name: 'an Ogg sound' },
  { bytes: '....ftyphei', format: 'heic', name: 'a HEIC picture' },
  { bytes: '....ftypavif', format: 'avif', name: 'an AVIF picture' },
  { bytes: '....ftyp', format: 'm4a', name: 'an MP4 file' },
  { bytes: '\x1aE\xdf\xa3', format: 'matroska', name: 'a Matroska or WebM video' },
  { bytes: 'ID3', format: 'mp3', name: 'an MP3 sound' },
  { bytes: 'PK\x03\x04', format: 'zip', name: 'a ZIP archive' },
  { bytes: 'PK\x05\x06', format: 'empty-zip', name: 'an empty ZIP archive' },
  { bytes: 'Rar!\x1a\x07', format: 'rar', name: 'a RAR archive' },
  { bytes: '7z\xbc\xaf\x27\x1c', format: '7z', name: 'a 7z archive' },
  { bytes: '\x1f\x8b', format: 'gzip', name: 'a gzip archive' },
  { bytes: 'BZh', format: 'bzip2', name: 'a bzip2 archive' },
  { bytes: '\xfd7zXZ\0', format: 'xz', name: 'an XZ archive' },
  { bytes: '\x28\xb5\x2f\xfd', format: 'zstd', name: 'a Zstandard archive' },
  { bytes: 'ustar', at: 257, format: 'tar', name: 'a tar archive' },
  { bytes: 'PAR1', format: 'parquet', name: 'a Parquet table' },
  { bytes: 'Obj\x01', format: 'avro', name: 'an Avro table' },
  { bytes: 'ARROW1', format: 'arrow', name: 'an Arrow table' },
  { bytes: 'SQLite format 3\0', format: 'sqlite', name: 'an SQLite database' },
  { bytes: '\x89HDF\r\n\x1a\n', format: 'hdf5', name: 'an HDF5 file' },
  {
    bytes: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    format: 'ole',
    name: 'an old or encrypted document of Office',
  },
  { bytes: '\x7fELF', format: 'elf', name: 'a program' },
  { bytes: '\xca\xfe\xba\xbe', format: 'mach-o', name: 'a program' },
  { bytes: '\0asm', format: 'wasm', name: 'a program' },
  { bytes: 'MZ', format: 'exe', name: 'a program' },
  { bytes: 'BM', format: 'bmp', name: 'a bitmap picture' },
];

/** With such short signatures a text may begin: `BMI,age` is not a bitmap. */
const MIN_STRONG_BYTES = 4;

const matches = (head: Uint8Array, { bytes, at = 0 }: Signature): boolean =>
  [...bytes].every((byte, i) => byte === '.' || head[at + i] === byte.charCodeAt(0));

/** A frame of MPEG sound begins with eleven bits that are set. */
const MPEG_FRAME: Signature = { bytes: '', format: 'mp3', name: 'an MP3 sound' };
const isMpegFrame = (head: Uint8Array): boolean => head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0;

export interface DetectedFormat {
  readonly format: string;
  readonly name: string;
  /** Whether the signature is so short that a text may begin with it by chance. */
  readonly isWeak: boolean;
}

/** The format of a file by its first bytes; undefined if no signature matches. */
export function detectFormat(head: Uint8Array): DetectedFormat | undefined {
  const found =
    SIGNATURES.find((signature) => matches(head, signature)) ?? (isMpegFrame(head) ? MPEG_FRAME : undefined);
  return found && { format: found.format, name: found.name, isWeak: found.bytes.length < MIN_STRONG_BYTES };
}
