/** A MiniStack with the stack of `probe-stack.ts`, for one test file, which may stop, kill and restart it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueUrlCommand, SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect, vi } from 'vitest';
import { REGION, type Places } from '../../../local/environment.ts';
import { startMiniStack, type MiniStack } from '../../../local/ministack.ts';
import { freePort } from '../../../local/ports.ts';
import { probeTemplate } from './probe-stack.ts';

export class Probe {
  readonly folder: string;
  readonly places: Places;
  #port = 0;
  #ministack: MiniStack | undefined;

  private constructor(folder: string) {
    this.folder = folder;
    this.places = {
      root: join(import.meta.dirname, '../../..'),
      state: join(folder, 'state'),
      logs: join(folder, 'logs'),
    };
  }

  /** Starts MiniStack in a temporary folder and deploys the stack. */
  static async deployed(): Promise<Probe> {
    const probe = new Probe(mkdtempSync(join(tmpdir(), 'ministack-')));
    await probe.startOnNewPort();
    const client = new CloudFormationClient(probe.client());
    const TemplateBody = JSON.stringify(probeTemplate(probe.folder));
    await client.send(new CreateStackCommand({ StackName: 'probe', TemplateBody }));
    await waitUntilStackCreateComplete(
      { client, minDelay: 1, maxDelay: 1, maxWaitTime: 120 },
      { StackName: 'probe' },
    );
    return probe;
  }

  /** Starts it on the port that it had. */
  async start(): Promise<void> {
    this.#ministack = await startMiniStack(this.places, this.#port, new AbortController().signal);
  }

  async startOnNewPort(): Promise<void> {
    this.#port = await freePort();
    await this.start();
  }

  async stop(): Promise<void> {
    await this.#ministack?.stop();
  }

  /** Ends it as a power cut does: at once, with requests in progress. */
  async kill(): Promise<void> {
    if (!this.#ministack) return;
    process.kill(this.#ministack.pid, 'SIGKILL');
    expect(await this.#ministack.died).toContain('SIGKILL');
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Configuration of an AWS client. */
  client() {
    return {
      endpoint: this.url,
      region: REGION,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    };
  }

  /** Lets the consumer `blocked` return. */
  release(): void {
    writeFileSync(join(this.folder, 'release'), '');
  }

  /** Lines that the functions wrote: their name and what they received. */
  seen(): string[] {
    try {
      return readFileSync(join(this.folder, 'seen'), 'utf8').trimEnd().split('\n');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []; // no function has run yet
      throw error;
    }
  }

  untilSeen(line: string, timeout = 30_000): Promise<void> {
    return vi.waitFor(() => {
      expect(this.seen()).toContain(line);
    }, timeout);
  }

  async put(id: string): Promise<void> {
    await new DynamoDBClient(this.client()).send(
      new PutItemCommand({ TableName: 'things', Item: { id: { S: id } } }),
    );
  }

  /** Ids in the table. */
  async ids(): Promise<string[]> {
    const { Items } = await new DynamoDBClient(this.client()).send(
      new ScanCommand({ TableName: 'things', ConsistentRead: true }),
    );
    return (Items ?? []).map(({ id }) => id?.S ?? '');
  }

  async queueUrl(name: string): Promise<string> {
    const { QueueUrl } = await new SQSClient(this.client()).send(new GetQueueUrlCommand({ QueueName: name }));
    return QueueUrl ?? expect.fail(`no queue ${name}`);
  }

  async send(queue: string, body: string): Promise<void> {
    await new SQSClient(this.client()).send(
      new SendMessageCommand({ QueueUrl: await this.queueUrl(queue), MessageBody: body }),
    );
  }

  /** Outputs of the stack. */
  async outputs(): Promise<Record<string, string>> {
    const { Stacks } = await new CloudFormationClient(this.client()).send(
      new DescribeStacksCommand({ StackName: 'probe' }),
    );
    return Object.fromEntries(
      (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
    ) as Record<string, string>;
  }
}
