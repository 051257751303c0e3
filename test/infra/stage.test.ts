import { describe, expect, test } from 'vitest';
import { readStage } from '../../lib/stage.ts';

const read = (name: unknown, environment: Record<string, string> = {}) =>
  readStage({
    context: (key) => (key === 'stage' ? name : undefined),
    environment: { CDK_DEFAULT_REGION: 'eu-central-1', ...environment },
  });

describe('a stage', () => {
  test.each([undefined, 'staging', 7])('cannot be named %s', (name) => {
    expect(() => read(name)).toThrow('-c stage=local, dev or prod');
  });

  test('local uses sandbox money, no e-mail, and addresses of this machine', () => {
    expect(read('local', { DUKENET_AWS_URL: 'http://127.0.0.1:1234' })).toMatchObject({
      paymentProvider: 'sandbox',
      autoConfirm: true,
      awsUrl: 'http://127.0.0.1:1234',
      sagemakerUrl: 'http://127.0.0.1:4567',
      webOrigins: ['http://localhost:3001'],
    });
  });

  test.each(['dev', 'prod'] as const)('%s uses manual payments and confirms e-mail addresses', (name) => {
    expect(read(name)).toMatchObject({ paymentProvider: 'manual', autoConfirm: false, cookieSecure: true });
  });

  test('on AWS sends e-mails only from a configured address, with links to a public address', () => {
    expect(read('dev')).not.toHaveProperty('mail');
    const from = { DUKENET_MAIL_FROM: 'notices@example.com' };
    expect(() => read('dev', from)).toThrow('webUrl');
    expect(() => read('dev', { ...from, DUKENET_MAIL_FROM: 'nobody' })).toThrow('from');
    const web = { DUKENET_WEB_URL: 'https://dukenet.example.com/' };
    expect(read('prod', { ...from, ...web })).toMatchObject({
      mail: { from: 'notices@example.com', webUrl: 'https://dukenet.example.com' },
    });
    expect(read('local')).toMatchObject({ mailUrl: 'http://127.0.0.1:8000/local/ses' });
  });

  test('only prod retains its data when a stack is deleted', () => {
    expect([read('local'), read('dev'), read('prod')].map(({ durable }) => durable)).toEqual([
      false,
      false,
      true,
    ]);
  });

  test('uses the account and region of the current credentials', () => {
    const environment = { CDK_DEFAULT_ACCOUNT: '123456789012', CDK_DEFAULT_REGION: 'eu-west-1' };
    expect(read('prod', environment)).toMatchObject({ account: '123456789012', region: 'eu-west-1' });
    expect(read('prod')).not.toHaveProperty('account');
    expect(() => read('prod', { CDK_DEFAULT_ACCOUNT: 'mine' })).toThrow('twelve digits');
    const context = (key: string) => (key === 'stage' ? 'prod' : undefined);
    expect(() => readStage({ context, environment: {} })).toThrow('set AWS_REGION');
  });

  test.each(['local', 'dev', 'prod'] as const)('%s has a default base price of 100,000 satoshis', (name) => {
    expect(read(name).pricing).toEqual({ basePriceSatoshis: 100_000 });
  });

  test('accepts a base price and a display currency', () => {
    const set = {
      DUKENET_BASE_PRICE_SATOSHIS: '2500',
      DUKENET_FIAT_CURRENCY: 'EUR',
      DUKENET_FIAT_SATOSHIS_PER_UNIT: '1150.5',
    };
    expect(read('prod', set).pricing).toEqual({
      basePriceSatoshis: 2500,
      fiat: { currency: 'EUR', satoshisPerUnit: 1150.5 },
    });
  });

  test.each<Record<string, string>>([
    { DUKENET_BASE_PRICE_SATOSHIS: '0' },
    { DUKENET_BASE_PRICE_SATOSHIS: '' },
    { DUKENET_BASE_PRICE_SATOSHIS: '1.5' },
    { DUKENET_BASE_PRICE_SATOSHIS: '100000001' },
    { DUKENET_FIAT_CURRENCY: 'EUR' },
    { DUKENET_FIAT_SATOSHIS_PER_UNIT: '1000' },
    { DUKENET_FIAT_CURRENCY: 'euro', DUKENET_FIAT_SATOSHIS_PER_UNIT: '1000' },
    { DUKENET_FIAT_CURRENCY: 'EUR', DUKENET_FIAT_SATOSHIS_PER_UNIT: '0' },
    { DUKENET_FIAT_CURRENCY: 'EUR', DUKENET_FIAT_SATOSHIS_PER_UNIT: 'many' },
  ])('refuses the price settings %j', (environment) => {
    expect(() => read('prod', environment)).toThrow();
  });

  test('allows uploads from its own pages, from CloudFront without a domain, and from configured origins', () => {
    expect(read('prod').webOrigins).toEqual(['https://*.cloudfront.net']);
    const domain = { DUKENET_DOMAIN: 'duke.example', DUKENET_HOSTED_ZONE_ID: 'Z0123' };
    expect(read('prod', domain).webOrigins).toEqual(['https://duke.example']);
    const urls = { ...domain, DUKENET_WEB_URL: 'http://localhost:5173/start,https://www.duke.example' };
    expect(read('prod', urls).webOrigins).toEqual([
      'https://duke.example',
      'http://localhost:5173',
      'https://www.duke.example',
    ]);
    expect(() => read('prod', { DUKENET_WEB_URL: 'duke.example' })).toThrow();
  });

  test('requires a hosted zone for a domain', () => {
    const domain = { DUKENET_DOMAIN: 'app.duke.example', DUKENET_HOSTED_ZONE_ID: 'Z0123' };
    expect(read('dev', { ...domain, DUKENET_HOSTED_ZONE: 'duke.example' })).toMatchObject({
      domain: { name: 'app.duke.example', hostedZoneId: 'Z0123', zoneName: 'duke.example' },
    });
    expect(read('dev')).not.toHaveProperty('domain');
    expect(() => read('dev', { DUKENET_DOMAIN: 'app.duke.example' })).toThrow('hostedZoneId');
    expect(() => read('dev', { ...domain, DUKENET_DOMAIN: 'https://duke.example' })).toThrow('a host name');
  });
});
