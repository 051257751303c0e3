import { expect, test } from 'vitest';
import { synthesized } from './synth.ts';

/** What changes with the content of functions and image, not with the infrastructure. */
const normalised = (template: object): string =>
  `${JSON.stringify(template, null, 1)
    .replace(/[0-9a-f]{64}/g, '<hash>')
    .replace(/"RELEASE": "[^"]*"/, '"RELEASE": "<release>"')}\n`;

/**
 * Every property of dev, so that no change of infrastructure goes unseen; what must hold is asserted elsewhere. After a
 * look at the difference: `npm run test:infra -- -u`.
 */
test('the stacks of dev are as last reviewed', async () => {
  const { data, app } = synthesized('dev');
  await expect(normalised({ data: data.json, app: app.json })).toMatchFileSnapshot(
    '__snapshots__/dev.template.json',
  );
});
