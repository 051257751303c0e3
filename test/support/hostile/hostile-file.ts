import type { MediaType } from '../../../contracts/rules/file-kinds.ts';

/** A file that must not be accepted. Its bytes are made when they are needed: some are large. */
export interface HostileFile {
  readonly name: string;
  readonly type: MediaType;
  readonly filename: string;
  readonly bytes: () => Buffer;
}

export const XLSX: MediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export const HTML = Buffer.from('<html><script>alert(1)</script></html>');

/** Gives named bytes the type and the file name that they are announced with. */
export const hostileAs =
  (type: MediaType, filename: string) =>
  ([name, bytes]: readonly [string, () => Buffer]): HostileFile => ({ name, type, filename, bytes });
