import { parseArgs } from 'node:util';
import * as z from 'zod';

export interface Ports {
  /** Port of the web application. */
  readonly web: number;
  /** Port of the API and its reference. */
  readonly api: number;
  /** Port of MiniStack. */
  readonly aws: number;
  readonly sagemaker: number;
}

export interface Settings {
  readonly ports: Ports;
  readonly reset: boolean;
  readonly help: boolean;
  /** Directory under `.local` for the state. A second platform needs a name and ports of its own. */
  readonly name: string;
}

const PORTS = {
  web: { usual: 3001, what: 'the web application' },
  api: { usual: 8000, what: 'the API' },
  aws: { usual: 4566, what: 'the local AWS services' },
  sagemaker: { usual: 4567, what: 'the local SageMaker' },
} as const satisfies Record<keyof Ports, object>;
const names = Object.keys(PORTS) as (keyof Ports)[];

const flag = (name: keyof Ports): string => `--${name}-port`;
const variable = (name: keyof Ports): string => `DUKENET_${name.toUpperCase()}_PORT`;

export class SettingsError extends Error {}

export const USAGE = `npm start -- [--reset] [--name NAME] ${names.map((name) => `[${flag(name)} N]`).join(' ')}
  --reset           forgets everything: accounts, tasks, files, models
  --name            of the state, for another platform beside the first (platform)
${names.map((name) => `  ${flag(name).padEnd(17)} ${PORTS[name].what}, ${PORTS[name].usual} by default (or ${variable(name)})`).join('\n')}`;

const Port = z.coerce.number().int().min(1).max(65_535);

/**
 * @throws SettingsError with the fault of the arguments or the environment, and the usage
 */
export function readSettings(args: string[], environment: Record<string, string | undefined>): Settings {
  const values = parse(args);
  const port = (name: keyof Ports): number => {
    const configured = values[`${name}-port`] ?? environment[variable(name)];
    if (configured === undefined) return PORTS[name].usual;
    const parsed = Port.safeParse(configured);
    if (parsed.success) return parsed.data;
    throw new SettingsError(`${flag(name)} needs a port number, not "${String(configured)}".\n${USAGE}`);
  };
  const ports: Ports = { web: port('web'), api: port('api'), aws: port('aws'), sagemaker: port('sagemaker') };
  if (new Set(Object.values(ports)).size < names.length)
    throw new SettingsError(`Two of the ports are the same: ${JSON.stringify(ports)}.`);
  const name = String(values['name'] ?? 'platform');
  if (!/^[a-z0-9][a-z0-9-]{0,30}$/.test(name))
    throw new SettingsError(`--name needs small letters, digits and hyphens, not "${name}".\n${USAGE}`);
  return { ports, name, reset: values['reset'] === true, help: values['help'] === true };
}

function parse(args: string[]): Record<string, string | boolean | undefined> {
  const options = {
    reset: { type: 'boolean' },
    name: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
    'web-port': { type: 'string' },
    'api-port': { type: 'string' },
    'aws-port': { type: 'string' },
    'sagemaker-port': { type: 'string' },
  } as const;
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new SettingsError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

/** The message if ports are taken. */
export function portsInUse(taken: (keyof Ports)[], ports: Ports): string {
  const lines = taken.map(
    (name) =>
      `Port ${ports[name]} (${PORTS[name].what}) is in use. Stop what uses it, or choose another: ` +
      `npm start -- ${flag(name)} ${ports[name] + 10} (or ${variable(name)}=${ports[name] + 10}).`,
  );
  return lines.join('\n');
}
