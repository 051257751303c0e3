import type { StackTemplate, Synthesized } from '../synth.ts';
import { stacksOf } from '../synth.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Resource part of the ARN of a type, before its name. */
const ARN_PREFIXES: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': `arn:aws:lambda:${REGION}:${ACCOUNT}:function:`,
  'AWS::DynamoDB::GlobalTable': `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/`,
  'AWS::S3::Bucket': 'arn:aws:s3:::',
  'AWS::SQS::Queue': `arn:aws:sqs:${REGION}:${ACCOUNT}:`,
  'AWS::SNS::Topic': `arn:aws:sns:${REGION}:${ACCOUNT}:`,
  'AWS::KMS::Key': `arn:aws:kms:${REGION}:${ACCOUNT}:key/`,
  'AWS::IAM::Role': `arn:aws:iam::${ACCOUNT}:role/`,
  'AWS::Events::EventBus': `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/`,
  'AWS::Events::Rule': `arn:aws:events:${REGION}:${ACCOUNT}:rule/`,
  'AWS::Logs::LogGroup': `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:`,
  'AWS::Cognito::UserPool': `arn:aws:cognito-idp:${REGION}:${ACCOUNT}:userpool/`,
  'AWS::StepFunctions::StateMachine': `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:`,
};
const NAME_PROPERTIES = ['FunctionName', 'LogGroupName', 'StateMachineName', 'Name', 'QueueName'];

/** Replaces the intrinsic functions of a template by the values that they would have in one account. */
export type Resolve = (value: unknown) => unknown;

/** One function per stack: `Ref` and `Fn::GetAtt` are local to a stack, `Fn::ImportValue` is not. */
export function resolvers(made: Synthesized): Map<StackTemplate, Resolve> {
  const stacks = stacksOf(made);
  const exported = new Map<string, { value: unknown; from: StackTemplate }>();
  for (const stack of stacks)
    for (const output of Object.values((stack.json['Outputs'] ?? {}) as Record<string, Output>))
      if (output.Export) exported.set(String(output.Export.Name), { value: output.Value, from: stack });
  const made1 = new Map<StackTemplate, Resolve>();
  const imported = (name: string): unknown => {
    const found = exported.get(name);
    if (!found) throw new Error(`No stack exports ${name}`);
    return made1.get(found.from)?.(found.value);
  };
  for (const stack of stacks) made1.set(stack, resolverOf(stack, imported));
  return made1;
}

interface Output {
  readonly Value: unknown;
  readonly Export?: { readonly Name: unknown };
}

function resolverOf(stack: StackTemplate, imported: (name: string) => unknown): Resolve {
  const text = (value: unknown): string => String(resolve(value));
  const intrinsics: Readonly<Record<string, (argument: never) => unknown>> = {
    Ref: (name: string) => PSEUDO[name] ?? refOf(stack, name, text),
    'Fn::GetAtt': ([id, attribute]: [string, string]) => attributeOf(stack, id, attribute, text),
    'Fn::Join': ([separator, parts]: [string, unknown[]]) => parts.map(text).join(separator),
    'Fn::Sub': (template: string) =>
      template.replace(/\$\{([\w:]+)\}/g, (_, name: string) => text({ Ref: name })),
    'Fn::Select': ([index, list]: [number, unknown]) => (resolve(list) as unknown[])[index],
    'Fn::Split': ([separator, value]: [string, unknown]) => text(value).split(separator),
    'Fn::ImportValue': (name: unknown) => imported(text(name)),
  };
  const resolve: Resolve = (value) => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const [[key, argument], ...others] = Object.entries(value) as [[string, never], ...unknown[]];
    const intrinsic = others.length === 0 ? intrinsics[key] : undefined;
    if (intrinsic) return intrinsic(argument);
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolve(inner)]));
  };
  return resolve;
}

type Text = (value: unknown) => string;

/** The name that the resource has in its template, or else one after its logical id. */
function nameOf(stack: StackTemplate, id: string, text: Text): string {
  const { Type, Properties = {} } = stack.get(id);
  const property = NAME_PROPERTIES.find((name) => Properties[name] !== undefined);
  if (property) return text(Properties[property]);
  return Type === 'AWS::S3::Bucket' ? id.toLowerCase() : id;
}

function refOf(stack: StackTemplate, id: string, text: Text): string {
  if (!stack.resources.has(id)) return id; // A parameter.
  const { Type } = stack.get(id);
  const name = nameOf(stack, id, text);
  if (Type === 'AWS::SQS::Queue') return `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`;
  if (Type === 'AWS::StepFunctions::StateMachine' || Type === 'AWS::SNS::Topic')
    return attributeOf(stack, id, 'Arn', text);
  if (Type === 'AWS::IAM::ManagedPolicy') return id;
  return name;
}

function attributeOf(stack: StackTemplate, id: string, attribute: string, text: Text): string {
  const { Type } = stack.get(id);
  const name = nameOf(stack, id, text);
  const arn = `${ARN_PREFIXES[Type] ?? `arn:aws:${Type}:`}${name}`;
  if (attribute === 'StreamArn') return `${arn}/stream/2026-01-01T00:00:00.000`;
  if (Type === 'AWS::Logs::LogGroup' && attribute === 'Arn') return `${arn}:*`;
  if (attribute === 'Arn' || attribute.endsWith('Arn')) return arn;
  return attribute.endsWith('Name') ? name : `${name}.${attribute}`;
}
