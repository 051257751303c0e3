import { create } from 'content-disposition';

/** `Content-Disposition` of a download (RFC 6266). Half of a surrogate pair becomes U+FFFD. */
export const attachment = (filename: string): string => create(filename.toWellFormed());
