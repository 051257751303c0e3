import { join } from 'node:path';
import { PlatformError, tail } from '../process.ts';
import { AwsError, invalid } from './errors.ts';
import { Fleet, type FleetOptions } from './fleet.ts';
import type { Endpoint, Store } from './store.ts';

/** The endpoints and their running instances; every change of status is saved. */
export class Endpoints {
  readonly #store: Store;
  readonly #options: FleetOptions;
  readonly #fleets = new Map<string, Fleet>();
  readonly #stopping = new AbortController();
  readonly #background = new Set<Promise<void>>();

  constructor(store: Store, options: FleetOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** Starts what was in service when the last process ended. */
  resume(): void {
    for (const endpoint of Object.values(this.#store.state.endpoints)) {
      if (endpoint.status === 'Deleting') delete this.#store.state.endpoints[endpoint.name];
      else if (endpoint.status !== 'Failed') this.#resumeOne(endpoint);
    }
    this.#store.save();
  }

  #resumeOne(endpoint: Endpoint): void {
    const { configs, models } = this.#store.state;
    const gone = configs[endpoint.configName]?.variants.find(({ ModelName }) => !models[ModelName]);
    if (!configs[endpoint.configName] || gone) {
      this.#setStatus(endpoint, 'Failed', 'Its configuration or model was deleted while it was not running.');
      return;
    }
    const fleet = this.#newFleet(endpoint.name, endpoint.configName);
    this.#fleets.set(endpoint.name, fleet);
    fleet.start();
    if (endpoint.status !== 'InService') this.#follow(this.#whenReady(endpoint, fleet));
  }

  create(name: string, configName: string): void {
    const now = Date.now();
    const endpoint: Endpoint = { name, configName, status: 'Creating', createdAt: now, modifiedAt: now };
    const fleet = this.#newFleet(name, configName);
    this.#store.state.endpoints[name] = endpoint;
    this.#fleets.set(name, fleet);
    this.#store.save();
    fleet.start();
    this.#follow(this.#whenReady(endpoint, fleet));
  }

  /** Starts the new configuration beside the old one and switches once it is healthy; otherwise nothing changes. */
  update(endpoint: Endpoint, configName: string): void {
    if (endpoint.status !== 'InService' && endpoint.status !== 'Failed')
      throw invalid(`Cannot update in-progress endpoint "${endpoint.name}".`);
    const next = this.#newFleet(endpoint.name, configName);
    this.#setStatus(endpoint, 'Updating');
    next.start();
    this.#follow(this.#changeOver(endpoint, configName, next));
  }

  remove(endpoint: Endpoint): void {
    if (endpoint.status === 'Creating' || endpoint.status === 'Updating')
      throw invalid(`Cannot delete in-progress endpoint "${endpoint.name}".`);
    this.#setStatus(endpoint, 'Deleting');
    this.#follow(this.#drop(endpoint));
  }

  fleet(name: string): Fleet | undefined {
    return this.#fleets.get(name);
  }

  /**
   * @throws PlatformError if the processes of an endpoint in service do not answer
   */
  async ready(signal: AbortSignal): Promise<void> {
    for (const { name, status } of Object.values(this.#store.state.endpoints)) {
      const failure = status === 'InService' && (await this.#fleets.get(name)?.ready(signal));
      signal.throwIfAborted();
      if (failure)
        throw new PlatformError(
          `The endpoint ${name} does not answer: ${failure}\n${tail(join(this.#options.logs, `${name}.log`))}`,
        );
    }
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#fleets.values()].map((fleet) => fleet.stop()));
    await Promise.all(this.#background);
  }

  async #whenReady(endpoint: Endpoint, fleet: Fleet): Promise<void> {
    const failure = await fleet.ready(this.#stopping.signal);
    if (this.#stopping.signal.aborted) return;
    if (failure) {
      this.#fleets.delete(endpoint.name);
      await fleet.stop();
      this.#setStatus(endpoint, 'Failed', `${failure} See ${endpoint.name}.log.`);
    } else this.#setStatus(endpoint, 'InService');
  }

  async #changeOver(endpoint: Endpoint, configName: string, next: Fleet): Promise<void> {
    const failure = await next.ready(this.#stopping.signal);
    if (failure) {
      await next.stop();
      if (!this.#stopping.signal.aborted) this.#setStatus(endpoint, 'InService', failure);
      return;
    }
    const previous = this.#fleets.get(endpoint.name);
    this.#fleets.set(endpoint.name, next);
    endpoint.configName = configName;
    this.#setStatus(endpoint, 'InService');
    await previous?.stop();
  }

  async #drop(endpoint: Endpoint): Promise<void> {
    await this.#fleets.get(endpoint.name)?.stop();
    this.#fleets.delete(endpoint.name);
    delete this.#store.state.endpoints[endpoint.name];
    this.#store.save();
  }

  #newFleet(name: string, configName: string): Fleet {
    const config = this.#store.state.configs[configName];
    if (!config)
      throw new AwsError('ValidationException', `Could not find endpoint configuration "${configName}".`);
    return new Fleet(name, config, this.#store.state.models, this.#options);
  }

  #setStatus(endpoint: Endpoint, status: Endpoint['status'], failureReason?: string): void {
    endpoint.status = status;
    endpoint.failureReason = failureReason;
    endpoint.modifiedAt = Date.now();
    this.#store.save();
  }

  #follow(work: Promise<void>): void {
    const followed = work.finally(() => this.#background.delete(followed));
    this.#background.add(followed);
  }
}
