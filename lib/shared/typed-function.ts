import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RemovalPolicy } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type * as z from 'zod';
import type { COMMON } from '../../lambdas/shared/env-parts.ts';
import type { StageConfig } from '../stage-config.ts';
import { alarm, ALARM_PERIOD } from './alarm.ts';
import type { AlarmText } from './alarm.ts';
import { bundledCode } from './bundled-code.ts';
import { InlinePolicyRole } from './inline-policy-role.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Settings that all functions of a stage share. */
export interface FunctionDefaults {
  readonly stage: StageConfig;
  /** Lets a function write traces. X-Ray has no resource ARNs, so one policy is attached to all roles. */
  readonly tracing: IManagedPolicy;
}

export interface TypedFunctionProps<E extends z.ZodObject> {
  readonly defaults: FunctionDefaults;
  /** Of the handler: `lambdas/<capability>/<name>.handler.ts`, or `lambdas/<capability>/<folder>/<name>.handler.ts`. */
  readonly capability: string;
  readonly folder?: string;
  readonly name: string;
  readonly envSchema: E;
  /** Variables that no grant sets. */
  readonly environment?: Partial<Omit<z.input<E>, keyof typeof COMMON>>;
  readonly timeout: Duration;
  readonly memory: keyof StageConfig['memoryMb'];
  /** Fires when an invocation ends with an error or a timeout. */
  readonly alarm: AlarmText;
}

/** A function whose schema has the variables `K`. Grants demand it, so that a grant to a function without them does not compile. */
export interface NeedsEnv<K extends string> {
  readonly set: (values: Readonly<Record<K, string>>) => void;
  readonly allow: (statement: PolicyStatement) => void;
}

/**
 * The only kind of function: Node 24 on ARM64, one minified ES module, its own role, a log group with a retention period,
 * traces, an alarm. Synthesis fails if a variable of the handler's schema is not set, or one is set that it does not have.
 */
export class TypedFunction<E extends z.ZodObject = z.ZodObject> extends LambdaFunction {
  private readonly variables: Record<string, string> = {};
  private readonly executionRole: InlinePolicyRole;

  constructor(scope: Construct, id: string, props: TypedFunctionProps<E>) {
    const { defaults, capability, folder, name, envSchema } = props;
    const { stage } = defaults;
    const functionName = `dukenet-${stage.name}-${capability}-${name}`;
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: stage.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new InlinePolicyRole(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      managedPolicies: [defaults.tracing],
    });
    super(scope, id, {
      functionName,
      code: bundledCode(entryOf(capability, folder, name)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: props.timeout,
      memorySize: stage.memoryMb[props.memory],
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      role,
    });
    this.executionRole = role;
    this.allow(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    // Not `tracing: ACTIVE`, which adds a statement on all resources to each role.
    (this.node.defaultChild as CfnFunction).tracingConfig = { mode: 'Active' };

    this.put({ POWERTOOLS_SERVICE_NAME: capability, LOG_LEVEL: stage.logLevel, ...endpointsOf(stage) });
    this.put(props.environment ?? {});
    alarm(this, 'ErrorsAlarm', {
      ...props.alarm,
      metric: this.metricErrors({ period: ALARM_PERIOD }),
      threshold: 1,
    });
    this.node.addValidation({ validate: () => faultsOf(envSchema, this.variables) });
  }

  /** Sets variables of the handler's schema; grants call it. */
  readonly set = (values: Partial<z.input<E>>): void => this.put(values);

  readonly allow = (statement: PolicyStatement): void => {
    this.executionRole.addToPolicy(statement);
  };

  private put(values: object): void {
    for (const [name, value] of Object.entries(values) as [string, string][]) {
      this.variables[name] = value;
      this.addEnvironment(name, value);
    }
  }
}

/** The policy of `FunctionDefaults.tracing`. */
export const tracingPolicy = (scope: Construct): ManagedPolicy =>
  new ManagedPolicy(scope, 'Tracing', {
    statements: [
      new PolicyStatement({
        actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
        resources: ['*'],
      }),
    ],
  });

function entryOf(capability: string, folder: string | undefined, name: string): string {
  const entry = join(ROOT, 'lambdas', capability, folder ?? '', `${name}.handler.ts`);
  if (!existsSync(entry)) throw new Error(`There is no handler ${entry}`);
  return entry;
}

/** Read by the AWS SDK. */
const endpointsOf = (stage: StageConfig): Record<string, string> =>
  stage.name === 'local'
    ? {
        AWS_ENDPOINT_URL: stage.awsUrl,
        AWS_ENDPOINT_URL_S3: stage.awsUrl,
        AWS_ENDPOINT_URL_SAGEMAKER: stage.sagemakerUrl,
        AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: stage.sagemakerUrl,
      }
    : {};

function faultsOf(schema: z.ZodObject, variables: Record<string, string>): string[] {
  const parsed = schema.strict().safeParse(variables);
  return parsed.success ? [] : parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`);
}
