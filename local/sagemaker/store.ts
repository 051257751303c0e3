import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { replaceFile } from '../files.ts';

export const Model = z.object({
  name: z.string(),
  image: z.string(),
  environment: z.record(z.string(), z.string()),
  modelDataUrl: z.string().optional(),
  executionRoleArn: z.string(),
  /** Times in this file are milliseconds since 1970. */
  createdAt: z.number(),
});
export type Model = z.infer<typeof Model>;

export const Variant = z.object({
  VariantName: z.string().min(1),
  ModelName: z.string().min(1),
  InstanceType: z.string().optional(),
  InitialInstanceCount: z.int().min(1).max(8).default(1),
  InitialVariantWeight: z.number().min(0).default(1),
  ContainerStartupHealthCheckTimeoutInSeconds: z.int().min(60).max(3600).optional(),
});
export type Variant = z.infer<typeof Variant>;

export const EndpointConfig = z.object({
  name: z.string(),
  variants: z.array(Variant).min(1),
  createdAt: z.number(),
});
export type EndpointConfig = z.infer<typeof EndpointConfig>;

export const Endpoint = z.object({
  name: z.string(),
  configName: z.string(),
  status: z.enum(['Creating', 'Updating', 'InService', 'Deleting', 'Failed']),
  failureReason: z.string().optional(),
  createdAt: z.number(),
  modifiedAt: z.number(),
});
export type Endpoint = z.infer<typeof Endpoint>;

const State = z.object({
  models: z.record(z.string(), Model),
  configs: z.record(z.string(), EndpointConfig),
  endpoints: z.record(z.string(), Endpoint),
});
export type State = z.infer<typeof State>;

/** The state in one JSON file, which every change replaces atomically. */
export class Store {
  readonly state: State;
  readonly #file: string;

  /**
   * @throws if the file does not have the format of this class
   */
  constructor(file: string) {
    this.#file = file;
    this.state = State.parse(read(file) ?? { models: {}, configs: {}, endpoints: {} });
  }

  save(): void {
    replaceFile(this.#file, `${JSON.stringify(this.state, null, 2)}\n`);
  }
}

function read(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return JSON.parse(text);
}
