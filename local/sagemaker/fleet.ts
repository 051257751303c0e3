import { join } from 'node:path';
import { Instance, type ContainerProcess, type InstanceTiming } from './instance.ts';
import type { EndpointConfig, Model, Variant } from './store.ts';

/** Builds the process of one container of `model`, listening on `port`. */
export type ContainerCommand = (model: Model, port: number) => ContainerProcess;

export interface FleetOptions {
  readonly container: ContainerCommand;
  /** Directory of the logs, one file per endpoint. */
  readonly logs: string;
  readonly timing?: InstanceTiming;
  /** Process exits before the first answered ping, after which a new endpoint has failed. */
  readonly deathsUntilFailed?: number;
}

interface Deployed {
  readonly variant: Variant;
  readonly instances: Instance[];
  next: number;
}

const STARTUP_SECONDS = 300;

/** The running instances of one endpoint configuration. */
export class Fleet {
  readonly #deployed: Deployed[];
  readonly #deathsUntilFailed: number;

  constructor(
    endpoint: string,
    config: EndpointConfig,
    models: Record<string, Model>,
    options: FleetOptions,
  ) {
    this.#deathsUntilFailed = options.deathsUntilFailed ?? 3;
    this.#deployed = config.variants.map((variant) => {
      const model = models[variant.ModelName];
      if (!model) throw new Error(`${config.name} names the model ${variant.ModelName}, which is gone`);
      const instances = Array.from(
        { length: variant.InitialInstanceCount },
        () =>
          new Instance(
            (port) => options.container(model, port),
            join(options.logs, `${endpoint}.log`),
            options.timing,
          ),
      );
      return { variant, instances, next: 0 };
    });
  }

  start(): void {
    for (const instance of this.#instances()) instance.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#instances().map((instance) => instance.stop()));
  }

  /**
   * Resolves once every instance answers its pings.
   * @returns the reason if that does not happen
   */
  async ready(signal: AbortSignal): Promise<string | undefined> {
    const limit = Math.max(
      ...this.#deployed.map(
        ({ variant }) => variant.ContainerStartupHealthCheckTimeoutInSeconds ?? STARTUP_SECONDS,
      ),
    );
    const unhealthy =
      'The primary container for production variant ' +
      `${this.#deployed[0]?.variant.VariantName ?? '?'} did not pass the ping health check.`;
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    const check = (): void => {
      const instances = this.#instances();
      if (signal.aborted) resolve('The endpoint was stopped.');
      else if (instances.every(({ url }) => url !== undefined)) resolve(undefined);
      else if (instances.some(({ deaths }) => deaths >= this.#deathsUntilFailed)) resolve(unhealthy);
    };
    const timer = setTimeout(() => {
      resolve(unhealthy);
    }, limit * 1000);
    for (const instance of this.#instances()) instance.onChange(check);
    signal.addEventListener('abort', check);
    check();
    return promise.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', check);
    });
  }

  /** The next healthy instance of a variant (by default the first variant), round robin. */
  pick(variantName?: string): { variant: string; url: string; suspect: () => void } | undefined {
    const deployed = variantName
      ? this.#deployed.find(({ variant }) => variant.VariantName === variantName)
      : this.#deployed[0];
    if (!deployed) return undefined;
    for (let tried = 0; tried < deployed.instances.length; tried++) {
      const instance = deployed.instances[deployed.next++ % deployed.instances.length];
      const url = instance?.url;
      if (url)
        return {
          variant: deployed.variant.VariantName,
          url,
          suspect: () => {
            instance?.suspect();
          },
        };
    }
    return undefined;
  }

  /** Number of healthy and of desired instances per variant. */
  counts(): { VariantName: string; CurrentInstanceCount: number; DesiredInstanceCount: number }[] {
    return this.#deployed.map(({ variant, instances }) => ({
      VariantName: variant.VariantName,
      CurrentInstanceCount: instances.filter(({ url }) => url !== undefined).length,
      DesiredInstanceCount: instances.length,
    }));
  }

  pids(): number[] {
    return this.#instances().flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  #instances(): Instance[] {
    return this.#deployed.flatMap(({ instances }) => instances);
  }
}
