import type { Permission } from '../../../local/calls/describe.ts';
import { functionsOf, target } from '../synth.ts';
import type { Synthesized } from '../synth.ts';
import { ACCOUNT, REGION } from './resolve.ts';
import { queueArn } from './policies.ts';
import type { Account, Request } from './policies.ts';

/** Names calls as requests of the roles of a stage's functions. */
export class Requests {
  readonly #made: Synthesized;
  readonly #account: Account;

  constructor(made: Synthesized, account: Account) {
    this.#made = made;
    this.#account = account;
  }

  /** What AWS checks for one call of a function: the call itself, and the key that encrypts what it touches. */
  of(name: string, [action, resource]: Permission): Request[] {
    const { role, environment } = this.#function(name);
    const request = {
      role,
      action,
      resource: arnOf(resource, environment),
      ...contextOf(action, environment),
    };
    return [request, ...this.#keyRequests(request)];
  }

  #function(name: string): { role: string; environment: Record<string, string> } {
    const found = functionsOf(this.#made).get(name);
    if (!found) throw new Error(`There is no function ${name}`);
    const { Role, Environment } = found.resource.Properties as { Role: unknown; Environment?: object };
    const { Variables } = this.#account.resolver(this.#made.app)(Environment ?? {}) as {
      Variables: Record<string, string>;
    };
    return { role: target(Role), environment: Variables };
  }

  #keyRequests({ role, action }: Request): Request[] {
    const service = action.startsWith('dynamodb:') ? 'dynamodb' : action.startsWith('s3:') ? 's3' : undefined;
    if (!service) return [];
    const actions = KEY_ACTIONS[action] ?? (service === 'dynamodb' ? ['kms:Decrypt'] : []);
    const key = this.#account.keyArn;
    const context = { 'kms:ViaService': `${service}.${REGION}.amazonaws.com` };
    return actions.map((keyAction) => ({ role, action: keyAction, resource: key, context }));
  }
}

/** What S3 asks of the key on behalf of its caller. */
const KEY_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  's3:GetObject': ['kms:Decrypt'],
  's3:PutObject': ['kms:GenerateDataKey'],
};

/** Conditions of our own policies. */
function contextOf(
  action: string,
  environment: Readonly<Record<string, string>>,
): { context: Record<string, string> } | undefined {
  if (action === 'iam:PassRole') return { context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } };
  if (action === 'ses:SendEmail') return { context: { 'ses:FromAddress': environment['MAIL_FROM'] ?? '' } };
  return undefined;
}

const EXECUTION = '00000000-0000-0000-0000-000000000000';

/** The ARN of a recorded resource, for the stage whose environment it is. */
function arnOf(resource: string, environment: Readonly<Record<string, string>>): string {
  const [variable = '', ...rest] = resource.split('/');
  const suffix = rest.join('/');
  if (/^(training|processing)-job$/.test(variable))
    return `arn:aws:sagemaker:${REGION}:${ACCOUNT}:${variable}/${withStage(suffix, environment)}`;
  const value = environment[variable];
  if (value === undefined) throw new Error(`${resource}: the function has no variable ${variable}`);
  if (variable.endsWith('_QUEUE_URL')) return queueArn(value);
  if (variable === 'QUEUE_URLS')
    return queueArn(Object.values(JSON.parse(value) as Record<string, string>)[0]!);
  const below = suffix === '' ? '' : `/${withStage(suffix, environment)}`;
  if (variable.endsWith('_BUCKET')) return `arn:aws:s3:::${value}${below}`;
  switch (variable) {
    case 'TABLE_NAME':
      return `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${value}${below}`;
    case 'ENDPOINT_NAME':
      return `arn:aws:sagemaker:${REGION}:${ACCOUNT}:endpoint/${value}`;
    case 'EVENT_BUS_NAME':
      return `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${value}`;
    case 'USER_POOL_ID':
      return `arn:aws:cognito-idp:${REGION}:${ACCOUNT}:userpool/${value}`;
    case 'MAIL_FROM':
      return `arn:aws:ses:${REGION}:${ACCOUNT}:identity/${value}`;
    case 'TRAINING_MACHINE_ARN':
      return suffix === '' ? value : `${value.replace(':stateMachine:', ':execution:')}:${EXECUTION}`;
    case 'CONNECTIONS_URL': {
      const [api, ...others] = new URL(value).host.split('.');
      if (others.length === 0) throw new Error(`Not the address of an API: ${value}`);
      return `arn:aws:execute-api:${REGION}:${ACCOUNT}:${api}${new URL(value).pathname}/${suffix}/@connections/L0SM9cOFvHcCIhw=`;
    }
    default:
      if (value.startsWith('arn:')) return value;
      throw new Error(`No ARN is known for ${resource}`);
  }
}

/** Jobs are named after their stage; calls are recorded on the local one. */
const withStage = (name: string, environment: Readonly<Record<string, string>>): string =>
  name.replace('dukenet-local-', `dukenet-${environment['STAGE'] ?? 'dev'}-`);
