import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { dukenet } from '../../lib/dukenet.ts';
import { readStage } from '../../lib/stage.ts';
import type { StageConfig } from '../../lib/stage-config.ts';

export type StageName = StageConfig['name'];

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
}

export interface Synthesized {
  readonly stage: StageConfig;
  readonly construct: App;
  /** Where the templates are, as `cdk deploy` takes them. */
  readonly folder: string;
  readonly data: StackTemplate;
  readonly app: StackTemplate;
  /** None on the local stage. */
  readonly serving: StackTemplate | undefined;
  readonly global: StackTemplate | undefined;
  readonly edge: StackTemplate | undefined;
  readonly operations: StackTemplate | undefined;
}

/** A stack's template: resources by type, and one by what it is called. */
export class StackTemplate {
  readonly json: Record<string, unknown>;
  readonly resources: ReadonlyMap<string, Resource>;

  constructor(template: Template) {
    this.json = template.toJSON();
    this.resources = new Map(Object.entries(this.json.Resources as Record<string, Resource>));
  }

  ofType(type: string): [id: string, resource: Resource][] {
    return [...this.resources].filter(([, { Type }]) => Type === type);
  }

  get(id: string): Resource {
    const resource = this.resources.get(id);
    if (!resource) throw new Error(`There is no resource ${id}`);
    return resource;
  }

  /** @throws Error unless there is exactly one. */
  only(type: string): Resource {
    const found = this.ofType(type);
    if (found.length !== 1 || !found[0]) throw new Error(`${found.length} resources of ${type}`);
    return found[0][1];
  }
}

const { context } = z
  .object({ context: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')));

/** A region without an account: templates that fit every account. prod has a domain and price settings, the others none. */
const REGION = { CDK_DEFAULT_REGION: 'eu-central-1', DUKENET_ALARM_EMAIL: 'operator@example.com' };
/** AWS stages send e-mails; test/infra/notifications.test.ts has one that does not. */
const MAIL = { DUKENET_MAIL_FROM: 'notices@example.com', DUKENET_WEB_URL: 'https://dukenet.example.com' };
const ENVIRONMENTS: Record<StageName, Record<string, string>> = {
  local: REGION,
  dev: { ...REGION, ...MAIL },
  prod: {
    ...REGION,
    ...MAIL,
    DUKENET_DOMAIN: 'duke.example.com',
    DUKENET_HOSTED_ZONE_ID: 'Z0123456789ABCDEFGHIJ',
    DUKENET_HOSTED_ZONE: 'example.com',
    DUKENET_BASE_PRICE_SATOSHIS: '2500',
    DUKENET_FIAT_CURRENCY: 'EUR',
    DUKENET_FIAT_SATOSHIS_PER_UNIT: '1150.5',
  },
};

const cache = new Map<string, Synthesized>();

/**
 * The stacks of a stage, without bundling the functions (`npm run bundles` measures those).
 * @param variant name of a stage with other environment variables, which are `environment`
 */
export function synthesized(
  name: StageName,
  variant: string = name,
  environment = ENVIRONMENTS[name],
): Synthesized {
  const known = cache.get(variant);
  if (known) return known;
  const folder = fileURLToPath(new URL(`../../node_modules/.cache/synth/${variant}`, import.meta.url));
  const construct = new App({
    outdir: folder,
    analyticsReporting: false,
    treeMetadata: false,
    context: { ...context, stage: name, 'aws:cdk:bundling-stacks': [] },
  });
  const stage = readStage({
    context: (key): unknown => construct.node.tryGetContext(key),
    environment,
  });
  const stacks = dukenet(construct, stage);
  const made = {
    stage,
    construct,
    folder,
    data: new StackTemplate(Template.fromStack(stacks.data)),
    app: new StackTemplate(Template.fromStack(stacks.app)),
    serving: templateOf(stacks.aws?.serving),
    global: templateOf(stacks.aws?.global),
    edge: templateOf(stacks.aws?.edge),
    operations: templateOf(stacks.aws?.operations),
  };
  cache.set(variant, made);
  return made;
}

const templateOf = (stack: Stack | undefined): StackTemplate | undefined =>
  stack && new StackTemplate(Template.fromStack(stack));

/** All templates of a stage. */
export const stacksOf = ({ data, app, serving, global, edge, operations }: Synthesized): StackTemplate[] =>
  [data, app, serving, global, edge, operations].filter((stack) => stack !== undefined);

/** The template of the endpoint. @throws Error on the local stage */
export function servingOf({ stage, serving }: Synthesized): StackTemplate {
  if (!serving) throw new Error(`The stage ${stage.name} has no serving stack`);
  return serving;
}

/** Logical id that a `Ref` or `Fn::GetAtt` names. */
export function target(value: unknown): string {
  const reference = z
    .union([
      z.object({ Ref: z.string() }).transform(({ Ref }) => Ref),
      z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }).transform((v) => v['Fn::GetAtt'][0]),
    ])
    .safeParse(value);
  if (!reference.success) throw new Error(`Not a reference: ${JSON.stringify(value)}`);
  return reference.data;
}

const PREFIX = /^dukenet-(local|dev|prod)-/;

/** Functions by `<capability>/<name>`, with their logical id. */
export function functionsOf({ app }: Synthesized): Map<string, { id: string; resource: Resource }> {
  return new Map(
    app.ofType('AWS::Lambda::Function').map(([id, resource]) => {
      const name = z.string().parse(resource.Properties.FunctionName).replace(PREFIX, '').replace('-', '/');
      return [name, { id, resource }];
    }),
  );
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  /** As written; references are JSON. */
  readonly resources: readonly string[];
}

const List = z.union([z.array(z.unknown()), z.unknown().transform((one) => [one])]);

function statementsIn(document: unknown): Statement[] {
  const { Statement } = z
    .object({
      Statement: z.array(z.object({ Effect: z.enum(['Allow', 'Deny']), Action: List, Resource: List })),
    })
    .parse(document);
  return Statement.map(({ Effect, Action, Resource }) => ({
    Effect,
    actions: Action.map(String),
    resources: Resource.map((resource) =>
      typeof resource === 'string' ? resource : JSON.stringify(resource),
    ),
  }));
}

/** What identities may do: by logical id of the role, or of the shared policy. */
export function identityStatements(made: Synthesized): [holder: string, Statement][] {
  return stacksOf(made).flatMap((stack) => [
    ...stack.ofType('AWS::IAM::Policy').flatMap(([, { Properties }]) =>
      z
        .array(z.unknown())
        .parse(Properties.Roles)
        .flatMap((role) =>
          statementsIn(Properties.PolicyDocument).map((s): [string, Statement] => [target(role), s]),
        ),
    ),
    ...stack
      .ofType('AWS::IAM::ManagedPolicy')
      .flatMap(([id, { Properties }]) =>
        statementsIn(Properties.PolicyDocument).map((s): [string, Statement] => [id, s]),
      ),
    ...stack.ofType('AWS::IAM::Role').flatMap(([id, { Properties }]) =>
      z
        .array(z.object({ PolicyDocument: z.unknown() }))
        .default([])
        .parse(Properties.Policies)
        .flatMap(({ PolicyDocument }) =>
          statementsIn(PolicyDocument).map((s): [string, Statement] => [id, s]),
        ),
    ),
  ]);
}

/** `<capability>/<name>` → the statements of the function's own role. */
export function permissionsOf(made: Synthesized): Map<string, Statement[]> {
  const statements = identityStatements(made);
  return new Map(
    [...functionsOf(made)].map(([name, { resource }]) => {
      const role = target(resource.Properties.Role);
      return [name, statements.filter(([holder]) => holder === role).map(([, statement]) => statement)];
    }),
  );
}
