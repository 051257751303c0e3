import { parseReadyUri } from '../../../../contracts/naming.ts';

/** Which bytes a medium of an item is: a file of this API, and the hash of a member where the file is an archive. */
export interface MediumRef {
  readonly fileId: string;
  readonly sha256: string | undefined;
}

const API_FILE = /^\/api\/v2\/files\/([0-9a-f-]{36})(?:\?sha256=([0-9a-f]{64}))?$/;

/** Parses the `uri` of a medium: the path of a file in this API, or its place in storage. Undefined for anything else. */
export function parseMediumUri(uri: string): MediumRef | undefined {
  const [, fileId, sha256] = API_FILE.exec(uri) ?? [];
  return fileId === undefined ? parseReadyUri(uri) : { fileId, sha256 };
}
