import * as z from 'zod';
import type { Endpoints } from './endpoints.ts';
import { invalid } from './errors.ts';
import { Variant, type Endpoint, type Store } from './store.ts';
import { Name, arnOf, parse, seconds, type Operation, type Owner } from './wire.ts';

const CreateModel = z.object({
  ModelName: Name,
  ExecutionRoleArn: z.string().optional(),
  PrimaryContainer: z.object({
    Image: z.string().min(1),
    Environment: z.record(z.string(), z.string()).optional(),
    ModelDataUrl: z.string().optional(),
  }),
});
const CreateEndpointConfig = z.object({
  EndpointConfigName: Name,
  ProductionVariants: z.array(Variant).min(1).max(10),
});
const NamedEndpoint = z.object({ EndpointName: Name });
const CreateEndpoint = NamedEndpoint.extend({ EndpointConfigName: Name });
const ListEndpoints = z.object({
  NameContains: z.string().optional(),
  StatusEquals: z.string().optional(),
  MaxResults: z.int().min(1).max(100).default(10),
  NextToken: z.string().optional(),
});

/** The calls of the SageMaker control API that DukeNET makes, by operation name (`X-Amz-Target: SageMaker.<name>`). */
export function controlOperations(
  store: Store,
  endpoints: Endpoints,
  owner: Owner,
): Record<string, Operation> {
  const { state } = store;
  const arn = (kind: string, name: string): string => arnOf(owner, kind, name);
  const unique = (there: boolean, kind: string, resource: string): void => {
    if (there) throw invalid(`Cannot create already existing ${kind} "${resource}".`);
  };
  const found = <T>(value: T | undefined, kind: string, resource: string): T => {
    if (value === undefined) throw invalid(`Could not find ${kind} "${resource}".`);
    return value;
  };
  const model = (name: string) => found(state.models[name], 'model', arn('model', name));
  const config = (name: string) =>
    found(state.configs[name], 'endpoint configuration', arn('endpoint-config', name));
  const endpoint = (name: string) => found(state.endpoints[name], 'endpoint', arn('endpoint', name));

  return {
    CreateModel: (input) => {
      const { ModelName: name, PrimaryContainer: container, ExecutionRoleArn } = parse(CreateModel, input);
      unique(name in state.models, 'model', arn('model', name));
      state.models[name] = {
        name,
        image: container.Image,
        environment: container.Environment ?? {},
        modelDataUrl: container.ModelDataUrl,
        executionRoleArn: ExecutionRoleArn ?? '',
        createdAt: Date.now(),
      };
      store.save();
      return { ModelArn: arn('model', name) };
    },
    DescribeModel: (input) => {
      const it = model(parse(z.object({ ModelName: Name }), input).ModelName);
      return {
        ModelName: it.name,
        ModelArn: arn('model', it.name),
        PrimaryContainer: { Image: it.image, Environment: it.environment, ModelDataUrl: it.modelDataUrl },
        ExecutionRoleArn: it.executionRoleArn,
        CreationTime: seconds(it.createdAt),
      };
    },
    DeleteModel: (input) => {
      const { name } = model(parse(z.object({ ModelName: Name }), input).ModelName);
      delete state.models[name];
      store.save();
      return {};
    },
    CreateEndpointConfig: (input) => {
      const { EndpointConfigName: name, ProductionVariants: variants } = parse(CreateEndpointConfig, input);
      unique(name in state.configs, 'endpoint configuration', arn('endpoint-config', name));
      for (const variant of variants) model(variant.ModelName);
      state.configs[name] = { name, variants, createdAt: Date.now() };
      store.save();
      return { EndpointConfigArn: arn('endpoint-config', name) };
    },
    DescribeEndpointConfig: (input) => {
      const it = config(parse(z.object({ EndpointConfigName: Name }), input).EndpointConfigName);
      return {
        EndpointConfigName: it.name,
        EndpointConfigArn: arn('endpoint-config', it.name),
        ProductionVariants: it.variants,
        CreationTime: seconds(it.createdAt),
      };
    },
    DeleteEndpointConfig: (input) => {
      const { name } = config(parse(z.object({ EndpointConfigName: Name }), input).EndpointConfigName);
      delete state.configs[name];
      store.save();
      return {};
    },
    CreateEndpoint: (input) => {
      const { EndpointName: name, EndpointConfigName } = parse(CreateEndpoint, input);
      unique(name in state.endpoints, 'endpoint', arn('endpoint', name));
      endpoints.create(name, config(EndpointConfigName).name);
      return { EndpointArn: arn('endpoint', name) };
    },
    UpdateEndpoint: (input) => {
      const { EndpointName: name, EndpointConfigName } = parse(CreateEndpoint, input);
      endpoints.update(endpoint(name), config(EndpointConfigName).name);
      return { EndpointArn: arn('endpoint', name) };
    },
    DescribeEndpoint: (input) => {
      const it = endpoint(parse(NamedEndpoint, input).EndpointName);
      return {
        ...summary(it, arn('endpoint', it.name)),
        EndpointConfigName: it.configName,
        ProductionVariants: endpoints.fleet(it.name)?.counts() ?? [],
        FailureReason: it.failureReason,
      };
    },
    DeleteEndpoint: (input) => {
      endpoints.remove(endpoint(parse(NamedEndpoint, input).EndpointName));
      return {};
    },
    ListEndpoints: (input) => {
      const { NameContains = '', StatusEquals, MaxResults, NextToken = '' } = parse(ListEndpoints, input);
      const matching = Object.values(state.endpoints)
        .filter(({ name, status }) => name.includes(NameContains) && (StatusEquals ?? status) === status)
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .filter(({ name }) => name > NextToken);
      const page = matching.slice(0, MaxResults);
      return {
        Endpoints: page.map((it) => summary(it, arn('endpoint', it.name))),
        NextToken: matching.length > page.length ? page.at(-1)?.name : undefined,
      };
    },
  };
}

function summary(endpoint: Endpoint, arn: string): object {
  return {
    EndpointName: endpoint.name,
    EndpointArn: arn,
    EndpointStatus: endpoint.status,
    CreationTime: seconds(endpoint.createdAt),
    LastModifiedTime: seconds(endpoint.modifiedAt),
  };
}
