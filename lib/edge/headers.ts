/**
 * What the edge adds to answers, on AWS (`lib/edge/edge-stack.ts`) and on the local platform (`local/edge`). No CDK here: the local
 * platform loads this file too.
 */

/** Of every answer, those of the API included. HSTS has no effect over plain HTTP, that is locally. */
export const EVERY_ANSWER = {
  'strict-transport-security': 'max-age=63072000; includeSubDomains; preload',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'strict-origin-when-cross-origin',
} as const;

const PAGES_ONLY = {
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/**
 * Of the SPA's files.
 * @param connections other origins that pages send requests to: that of presigned forms, that of the WebSocket
 */
export const spaHeaders = (connections: readonly string[]): Record<string, string> => ({
  ...EVERY_ANSWER,
  ...PAGES_ONLY,
  'content-security-policy': policy({
    'default-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self' data: blob:",
    'media-src': "'self' blob:",
    'frame-src': "'self' blob:",
    'font-src': "'self' data:",
    'connect-src': ["'self'", ...connections].join(' '),
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
  }),
});

/** Of the API reference: its viewer brings styles of its own, and may load nothing from elsewhere. */
export const docsHeaders = (): Record<string, string> => ({
  ...EVERY_ANSWER,
  ...PAGES_ONLY,
  'content-security-policy': policy({
    'default-src': "'self'",
    'style-src': "'self' 'unsafe-inline'",
    'img-src': "'self' data: blob:",
    'font-src': "'self' data:",
    'frame-ancestors': "'none'",
  }),
});

function policy(directives: Record<string, string>): string {
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

/** Files of the SPA with a hash of their content in their name, as Vite writes them. */
export const HASHED_FOLDER = 'assets/';
export const CACHE_HASHED = 'public, max-age=31536000, immutable';
/** Files whose name stays: stored, but asked for at each use. */
export const CACHE_OTHERS = 'no-cache';

/** `Cache-Control` of a file of the SPA. @param path with a leading slash */
export const cacheControlOf = (path: string): string =>
  path.startsWith(`/${HASHED_FOLDER}`) ? CACHE_HASHED : CACHE_OTHERS;

/** Built files that are not served. */
export const NOT_SERVED = ['*.map', '.vite/*', '.built.json', '*.br', '*.gz'] as const;

/** Smallest file that CloudFront compresses, in bytes. */
export const COMPRESSED_FROM_BYTES = 1000;
/** Of the types that CloudFront compresses, those that the SPA has. */
export const COMPRESSED_EXTENSIONS = ['.html', '.js', '.css', '.svg', '.json'] as const;
