import { expect, test } from 'vitest';
import { stackNames } from '../../../contracts/naming.ts';
import { deploymentOrder } from '../../../scripts/shared/deployment-order.ts';

const names = (...kinds: (keyof typeof stackNames)[]): string[] =>
  kinds.map((kind) => stackNames[kind]('prod'));

test('a first deployment ends with the endpoint, which a new account may be refused', () => {
  expect(deploymentOrder('prod', new Set())).toEqual(
    names('data', 'app', 'global', 'edge', 'operations', 'serving'),
  );
  expect(deploymentOrder('prod', new Set(names('data', 'app')))).toEqual(
    names('data', 'app', 'global', 'edge', 'operations', 'serving'),
  );
});

test('an update replaces the endpoint before what sends it requests', () => {
  expect(deploymentOrder('prod', new Set(names('data', 'app', 'serving')))).toEqual(
    names('data', 'serving', 'app', 'global', 'edge', 'operations'),
  );
});

test('the endpoint of another stage is not that of this one', () => {
  expect(deploymentOrder('prod', new Set([stackNames.serving('dev')])).at(-1)).toBe(
    stackNames.serving('prod'),
  );
});
