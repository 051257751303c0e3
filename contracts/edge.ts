/** What the edge tells functions about a request. */

/** Proves that a request came through the edge, which limits and filters requests. */
export const ORIGIN_SECRET_HEADER = 'x-origin-secret';
/** The address of the client; set by `lib/edge/viewer-address.js` at every request. */
export const VIEWER_ADDRESS_HEADER = 'x-viewer-address';
