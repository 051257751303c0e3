import { expect, test } from 'vitest';
import { functionsOf, synthesized } from './synth.ts';

const sends = (json: unknown): boolean => JSON.stringify(json).includes('ses:SendEmail');

test('a stage without a sender address has settings that say so, and sends nothing', () => {
  const off = synthesized('dev', 'dev-without-mail', { CDK_DEFAULT_REGION: 'eu-central-1' });
  const names = [...functionsOf(off).keys()].filter((name) => name.startsWith('notifications/'));
  expect(names).toEqual(['notifications/api']);
  expect(sends(off.app.json)).toBe(false);
});

test('one function sends, from the configured address only', () => {
  const { app } = synthesized('dev');
  const statements = app
    .ofType('AWS::IAM::Role')
    .map(([, { Properties }]) => JSON.stringify(Properties))
    .filter(sends);
  expect(statements).toHaveLength(1);
  expect(statements[0]).toContain('"Condition":{"StringEquals":{"ses:FromAddress":"notices@example.com"}}');
  expect(statements[0]).toContain(':identity/example.com');
  expect(statements[0]).toContain(':identity/notices@example.com');
  expect(statements[0]).not.toContain(':identity/*');
});
