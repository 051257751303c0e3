import { fileURLToPath } from 'node:url';

const credentials = fileURLToPath(new URL('../../lambdas/shared/env-credentials.ts', import.meta.url));

/** Some CommonJS dependencies call `require`, which an ES module has not. */
const REQUIRE_BANNER =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/** esbuild's part of a function, for `TypedFunction` and for the bundle report. Figures: docs/adr/0005. */
export const BUNDLING = {
  minify: true,
  sourceMap: false,
  target: 'node24',
  mainFields: ['module', 'main'],
  /** The runtime's own SDK is older, and slower to load than the few parts a bundle takes. */
  bundleAwsSDK: true,
  banner: REQUIRE_BANNER,
  esbuildArgs: {
    '--alias:@aws-sdk/credential-provider-node': credentials,
    '--legal-comments': 'none',
  },
};
