import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { stackNames } from '../../contracts/naming.ts';
import { synthesized } from './synth.ts';

const VENV_LINT = fileURLToPath(new URL('../../.venv/bin/cfn-lint', import.meta.url));
const CFN_LINT = existsSync(VENV_LINT) ? VENV_LINT : 'cfn-lint';
/** W3005: CDK itself lets a function depend on its role twice, by name and by reference. */
const LINT_ARGUMENTS = ['--format', 'parseable', '--ignore-checks', 'W3005', '--'];

const STAGES = ['dev', 'prod'] as const;

describe.each(STAGES)('%s', (name) => {
  const made = synthesized(name);

  test('has no cdk-nag AwsSolutions findings', () => {
    const { violations } = new AwsSolutionsChecks().validateScope(made.construct);
    const findings = violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    );
    expect(findings).toEqual([]);
  });

  test('acknowledges at most 22 rules, each on one construct below a stack, with a reason', () => {
    const acknowledged = made.construct.node.findAll().flatMap((construct) =>
      construct.node.metadata
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .flatMap(({ data }) => Object.entries(z.record(z.string(), z.string()).parse(data)))
        .map(([rule, reason]) => ({ rule, reason, construct })),
    );
    // What CDK brings along to copy the SPA cannot be configured.
    const own = acknowledged.filter(({ construct }) => !construct.node.id.startsWith('Custom::'));
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(own.length).toBeLessThanOrEqual(22);
    for (const { reason, construct } of acknowledged) {
      expect(reason.length).toBeGreaterThan(40);
      expect(construct).not.toBeInstanceOf(Stack);
    }
  });
});

/** Ten templates take 40 s of CPU time. */
const LINT_TIMEOUT_MS = 600_000;

test(
  'has no cfn-lint findings',
  () => {
    const templates = STAGES.flatMap((name) =>
      Object.values(stackNames)
        .map((nameOf) => nameOf(name))
        .map((stack) => join(synthesized(name).folder, `${stack}.template.json`)),
    );
    const run = spawnSync(CFN_LINT, [...LINT_ARGUMENTS, ...templates], { encoding: 'utf8' });
    if (run.error) throw run.error;
    expect(run.stdout + run.stderr).toBe('');
    expect(run.status).toBe(0);
  },
  LINT_TIMEOUT_MS,
);
