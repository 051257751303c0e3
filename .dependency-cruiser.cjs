/** Import directions of docs/architecture.md. Anything not named here is free. */
const only = (name, from, to) => ({ name, severity: 'error', from: { path: from }, to });
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    only('contracts-stand-alone', '^contracts/', {
      path: '^(lambdas|lib|web|local|bin|scripts|model|benchmarks|client)/',
    }),
    // A package of its own: what it knows of the API is generated from the OpenAPI document.
    only('client-stands-alone', '^client/', {
      path: '^(contracts|lambdas|lib|web|local|bin|scripts|model|benchmarks)/',
    }),
    only('lambdas-see-contracts-only', '^lambdas/', {
      path: '^(lib|web|local|bin|scripts|benchmarks|client)/',
    }),
    only('web-sees-contracts-and-client-only', '^web/', {
      path: '^(lib|lambdas|local|bin|scripts|benchmarks)/',
    }),
    // The env schema of a handler is what its construct demands at synth; nothing else of a lambda is seen by lib.
    only('lib-sees-env-schemas-only', '^lib/', {
      path: '^(web|local|scripts|benchmarks)/|^lambdas/(?!.*(\\.env|/env-parts)\\.ts$)',
    }),
    only('one-capability-does-not-reach-into-another', '^lambdas/([^/]+)/', {
      path: '^lambdas/([^/]+)/',
      pathNot: ['^lambdas/shared/', '^lambdas/$1/'],
    }),
    // The rooms of learning, each using those before it only; `api.handler.ts` beside them uses all.
    ...['triggers', 'outcomes', 'dataset', 'shadow', 'pipeline', 'versions'].map((room, i, rooms) =>
      only(`learning-${room}-before-later-rooms`, `^lambdas/learning/${room}/`, {
        path: `^lambdas/learning/(?!(${rooms.slice(0, i + 1).join('|')})/)`,
      }),
    ),
    // Tests of web/ lie beside what they test.
    {
      name: 'only-tests-import-tests',
      severity: 'error',
      from: { pathNot: '^test/|\\.test\\.tsx?$|^web/src/testing/' },
      to: { path: '^test/|\\.test\\.tsx?$|^web/src/testing/' },
    },
    only('features-do-not-import-features', '^web/src/features/([^/]+)/', {
      path: '^web/src/features/([^/]+)/',
      pathNot: '^web/src/features/$1/',
    }),
    only('contracts-do-no-io', '^contracts/', {
      path: '^(@aws-sdk|@middy|node:(fs|http|net|child_process))',
    }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'routeTree\\.gen' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
