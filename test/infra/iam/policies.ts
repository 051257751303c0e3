import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Simulation } from '@cloud-copilot/iam-simulate';
import { stacksOf } from '../synth.ts';
import type { StackTemplate, Synthesized } from '../synth.ts';
import { ACCOUNT, resolvers } from './resolve.ts';
import type { Resolve } from './resolve.ts';

type Policy = Simulation['identityPolicies'][number];

/** A request as AWS would judge it. */
export interface Request {
  /** Logical id of the role; or the name of a service. */
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** The policies of a stage's templates, as one account would have them. */
export class Account {
  readonly #identities = new Map<string, Policy[]>();
  /** By the ARN of the bucket, queue or key. */
  readonly #resources = new Map<string, unknown>();
  readonly #resolve: Map<StackTemplate, Resolve>;
  readonly #made: Synthesized;

  constructor(made: Synthesized) {
    this.#made = made;
    this.#resolve = resolvers(made);
    for (const stack of stacksOf(made)) this.#read(stack, this.resolver(stack));
  }

  resolver(stack: StackTemplate): Resolve {
    const found = this.#resolve.get(stack);
    if (!found) throw new Error('The stack is of another account');
    return found;
  }

  /** ARN of the key of table and buckets. */
  get keyArn(): string {
    const found = [...this.#resources.keys()].find((arn) => arn.includes(':kms:'));
    if (!found) throw new Error('The stage has no key');
    return found;
  }

  /** Logical ids of all roles. */
  get roles(): string[] {
    return stacksOf(this.#made).flatMap((stack) => stack.ofType('AWS::IAM::Role').map(([id]) => id));
  }

  /** Whether AWS would allow a role's request. @throws Error if the request is no valid one */
  async allows({ role, action, resource, context = {} }: Request): Promise<boolean> {
    const resourcePolicy =
      this.#resources.get(resource) ?? this.#resources.get(resource.replace(/\/.*$/, ''));
    const simulation = {
      request: {
        principal: role.endsWith('.amazonaws.com')
          ? role
          : `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/session`,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', ...context },
      },
      identityPolicies: this.#identities.get(role) ?? [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(resourcePolicy !== undefined && { resourcePolicy }),
    } as Simulation;
    const response = await runSimulation(simulation, { simulationMode: 'Strict' });
    if (response.resultType === 'error')
      throw new Error(`${action} on ${resource}: ${JSON.stringify(response.errors)}`);
    return response.overallResult === 'Allowed';
  }

  #read(stack: StackTemplate, resolve: Resolve): void {
    const add = (role: string, name: string, policy: unknown): void => {
      const list = this.#identities.get(role) ?? [];
      list.push({ name, policy });
      this.#identities.set(role, list);
    };
    for (const [id, { Properties }] of stack.ofType('AWS::IAM::Policy'))
      for (const role of resolve(Properties['Roles']) as string[])
        add(role, id, resolve(Properties['PolicyDocument']));
    for (const [role, { Properties }] of stack.ofType('AWS::IAM::Role')) {
      const inline = (Properties['Policies'] ?? []) as { PolicyName: string; PolicyDocument: unknown }[];
      for (const { PolicyName, PolicyDocument } of inline) add(role, PolicyName, resolve(PolicyDocument));
      for (const managed of resolve(Properties['ManagedPolicyArns'] ?? []) as string[])
        if (stack.resources.has(managed))
          add(role, managed, resolve(stack.get(managed).Properties['PolicyDocument']));
    }
    for (const [id, { Properties }] of stack.ofType('AWS::KMS::Key'))
      this.#resources.set(resolve({ 'Fn::GetAtt': [id, 'Arn'] }) as string, resolve(Properties['KeyPolicy']));
    for (const [, { Properties }] of stack.ofType('AWS::S3::BucketPolicy'))
      this.#resources.set(
        `arn:aws:s3:::${String(resolve(Properties['Bucket']))}`,
        resolve(Properties['PolicyDocument']),
      );
    for (const [, { Properties }] of stack.ofType('AWS::SQS::QueuePolicy'))
      for (const url of resolve(Properties['Queues']) as string[])
        this.#resources.set(queueArn(url), resolve(Properties['PolicyDocument']));
  }
}

/** `https://sqs.<region>.amazonaws.com/<account>/<name>` → its ARN. */
export const queueArn = (url: string): string => {
  const [, region, account, name] = /^https:\/\/sqs\.([^.]+)\.[^/]+\/(\d+)\/(.+)$/.exec(url) ?? [];
  if (!name) throw new Error(`Not the URL of a queue: ${url}`);
  return `arn:aws:sqs:${region}:${account}:${name}`;
};
