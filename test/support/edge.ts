import { CACHE_HASHED, CACHE_OTHERS, EVERY_ANSWER, spaHeaders } from '../../lib/edge/headers.ts';

/** What the edge answers, wherever it runs: asserted of CloudFront's template and of the local edge. */
export interface EdgeAnswer {
  readonly path: string;
  /** File of the SPA that is answered, under its folder; undefined if there is none. */
  readonly file?: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the body is compressed for clients that accept it. */
  readonly compressed: boolean;
}

/** Where pages send requests besides their own origin. */
export type Connections = readonly string[];

/** Files of a built SPA, large enough to be compressed. */
export const SPA_FILES: Readonly<Record<string, string>> = {
  'index.html': `<div id="root"></div>${' '.repeat(2000)}`,
  'favicon.svg': `<svg xmlns="http://www.w3.org/2000/svg">${' '.repeat(2000)}</svg>`,
  'assets/index-D4x_A0bS.js': `start()${' '.repeat(2000)}`,
};

export function edgeAnswers(connections: Connections): EdgeAnswer[] {
  const page = { ...spaHeaders(connections), 'cache-control': CACHE_OTHERS };
  const ofFile = (path: string, file: string, headers: Record<string, string>): EdgeAnswer => ({
    path,
    file,
    headers,
    status: 200,
    compressed: true,
  });
  return [
    ...['/', '/login', '/tasks/01929f3c-7f5e-7d1c-b5ff-0d2f8d0c9a11', '/tasks?state=done'].map((path) =>
      ofFile(path, 'index.html', page),
    ),
    ofFile('/favicon.svg', 'favicon.svg', page),
    ofFile('/assets/index-D4x_A0bS.js', 'assets/index-D4x_A0bS.js', {
      ...spaHeaders(connections),
      'cache-control': CACHE_HASHED,
    }),
    { path: '/assets/gone-0123abcd.js', status: 404, headers: spaHeaders(connections), compressed: false },
    { path: '/api/v2/pricing', status: 200, headers: EVERY_ANSWER, compressed: false },
  ];
}
