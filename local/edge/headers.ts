const everyPage = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
};

/** The security headers that CloudFront adds on AWS. `uploads` is the origin that presigned forms post to. */
export const spaHeaders = (uploads: string): Record<string, string> => ({
  ...everyPage,
  'content-security-policy': policy({
    'default-src': "'self'",
    // Mantine writes its CSS variables and positions as inline styles.
    'style-src': "'self' 'unsafe-inline'",
    'img-src': "'self' data: blob:",
    'media-src': "'self' blob:",
    'frame-src': "'self' blob:",
    'font-src': "'self' data:",
    'connect-src': `'self' ${uploads}`,
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
  }),
});

/** Of the API reference: its viewer brings styles of its own, and may load nothing from elsewhere. */
export const docsHeaders = (): Record<string, string> => ({
  ...everyPage,
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
