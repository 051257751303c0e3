import { expect, test } from 'vitest';
import { stackNames } from '../../../contracts/naming.ts';
import { deploymentOrder } from '../../../scripts/shared/deployment-order.ts';

const names = (...kinds: (keyof typeof stackNames)[]): string[] =>
  kinds.map((kind) => stackNames[kind]('prod'));

test('a first deployment ends with the endpoint, because a new account may have no quota for it', () => {
  expect(deploymentOrder('prod', new Set())).toEqual(
    names('data', 'app', 'global', 'edge', 'operations', 'serving'),
  );
  expect(deploymentOrder('prod', new Set(names('data', 'app')))).toEqual(
    names('data', 'app', 'global', 'edge', 'operations', 'serving'),
  );
});

test('an update replaces the endpoint before its callers', () => {
  expect(deploymentOrder('prod', new Set(names('data', 'app', 'serving')))).toEqual(
    names('data', 'serving', 'app', 'global', 'edge', 'operations'),
  );
});

test('ignores the endpoint of another stage', () => {
  expect(deploymentOrder('prod', new Set([stackNames.serving('dev')])).at(-1)).toBe(
    stackNames.serving('prod'),
  );
});
