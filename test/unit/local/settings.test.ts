import { describe, expect, it } from 'vitest';
import { freePorts } from '../../../local/ports.ts';
import { portsInUse, readSettings } from '../../../local/settings.ts';

describe('the settings of npm start', () => {
  it('default to the documented ports; flags take precedence over the environment', () => {
    expect(readSettings([], {})).toEqual({
      ports: { web: 3001, api: 8000, aws: 4566, sagemaker: 4567 },
      name: 'platform',
      reset: false,
      help: false,
    });
    const environment = { DUKENET_WEB_PORT: '4001', DUKENET_API_PORT: '4002' };
    expect(readSettings(['--web-port', '5001', '--reset'], environment)).toMatchObject({
      ports: { web: 5001, api: 4002 },
      reset: true,
    });
  });

  it.each([
    [['--web-port', 'x'], '--web-port needs a port number, not "x"'],
    [['--web-port', '70000'], 'needs a port number'],
    [['--colour'], 'Unknown option'],
    [['--name', '../other'], '--name needs small letters, digits and hyphens, not "../other"'],
    [['--web-port', '8000'], 'Two of the ports are the same'],
  ])('reject %j', (args, message) => {
    expect(() => readSettings(args, {})).toThrow(message);
  });

  it('name the used port, its purpose, and how to choose another', () => {
    const { ports } = readSettings([], {});
    expect(portsInUse(['web'], ports)).toBe(
      'Port 3001 (the web application) is in use. Stop what uses it, or choose another: ' +
        'npm start -- --web-port 3011 (or DUKENET_WEB_PORT=3011).',
    );
    expect(portsInUse(['api', 'aws'], ports).split('\n')).toHaveLength(2);
  });
});

it('free ports are distinct', async () => {
  const ports = await freePorts(50);
  expect(new Set(ports).size).toBe(50);
});
