import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { customAttributes, InvocationResponse } from '../../../contracts/serving/invocation.ts';
import type { InvocationRequest, ItemPayload } from '../../../contracts/serving/invocation.ts';
import { machine, pythonOf } from '../../../local/environment.ts';
import { freePort } from '../../../local/ports.ts';
import { endProcess, spawnLogged } from '../../../local/process.ts';
import type { DukeMMClient, Invocation } from '../../../lambdas/shared/duke-mm-client.ts';
import type { ObjectStore } from '../../../lambdas/shared/objects.ts';

const START_SECONDS = 120;
const ROOT = join(import.meta.dirname, '../../..');

/** `dukemm serve` as a process of its own, without SageMaker in front and without S3. */
export class ServedModel {
  readonly #url: string;
  readonly #stop: () => Promise<void>;
  /** Folder of the registry; the model may read files below it. */
  readonly #folder: string;
  private constructor(url: string, folder: string, stop: () => Promise<void>) {
    this.#url = url;
    this.#folder = folder;
    this.#stop = stop;
  }

  /** @param registry folder with the versions */
  static async start(registry: string, log: string): Promise<ServedModel> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const child = spawnLogged(
      {
        file: pythonOf(ROOT),
        args: ['local/leash.py', 'dukemm', 'serve', '--host', '127.0.0.1', '--port', String(port)].concat(
          '--registry',
          pathToFileURL(registry).href,
        ),
        cwd: ROOT,
        env: {
          ...machine({ root: ROOT }),
          PYTHONPATH: join(ROOT, 'model'),
          OMP_NUM_THREADS: '1',
          AWS_DEFAULT_REGION: 'eu-central-1',
        },
        log,
      },
      'w',
    );
    const model = new ServedModel(url, registry, () => endProcess(child, { graceMs: 10_000 }));
    for (let second = 0; second < START_SECONDS; second++) {
      if (child.exitCode !== null) throw new Error(`dukemm serve ended with ${child.exitCode}: ${log}`);
      // Not listening yet: asked again until the limit.
      if (
        await fetch(`${url}/ping`).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        return model;
      await pause(1000);
    }
    await model.stop();
    throw new Error(`dukemm serve did not answer within ${START_SECONDS} s: ${log}`);
  }

  stop(): Promise<void> {
    return this.#stop();
  }

  /**
   * A client whose requests name examples in `work`, a bucket in memory. Whatever is asked of a task, the model answers all of
   * its items: an answer depends on the examples, not on the other items of a request. Answers are kept in the folder by
   * content, so that a quote, the task, and `bench:review` ask the model once.
   */
  reading(work: ObjectStore, itemsOfTask: readonly ItemPayload[]): DukeMMClient {
    return {
      invoke: async (request, version): Promise<Invocation> => {
        const whole = { ...request, items: [...itemsOfTask] };
        const kept = join(this.#subfolder('answers'), `${contentHash(whole)}.json`);
        if (!existsSync(kept)) writeFileSync(kept, JSON.stringify(await this.#ask(whole, version, work)));
        const { model_version, items } = InvocationResponse.parse(JSON.parse(readFileSync(kept, 'utf8')));
        const byId = new Map(items.map((item) => [item.id, item]));
        return {
          outcome: 'answered',
          response: { model_version, items: request.items.map(({ id }) => byId.get(id)!) },
        };
      },
    };
  }

  async #ask(request: InvocationRequest, version: string, work: ObjectStore): Promise<InvocationResponse> {
    const body = request.examples
      ? { ...request, examples: { ...request.examples, uri: await this.#onDisk(request.examples, work) } }
      : request;
    const response = await fetch(`${this.#url}/invocations`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-amzn-sagemaker-custom-attributes': customAttributes(version),
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`the model answered ${response.status}: ${await response.text()}`);
    return InvocationResponse.parse(await response.json());
  }

  async #onDisk({ uri, sha256 }: { uri: string; sha256: string }, work: ObjectStore): Promise<string> {
    const file = join(this.#subfolder('examples'), `${sha256}.jsonl`);
    writeFileSync(file, await work.text(new URL(uri).pathname.slice(1)));
    return pathToFileURL(file).href;
  }

  #subfolder(name: string): string {
    const folder = join(this.#folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }
}

/** Hash of what an answer depends on. */
function contentHash({
  task: { id: _id, family: _family, ...task },
  examples,
  items,
}: InvocationRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([task, examples?.sha256, items]))
    .digest('hex');
}
