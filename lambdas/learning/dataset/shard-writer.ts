import { createHash } from 'node:crypto';
import type { ShardRef } from '../../../contracts/learning/manifest.ts';
import { objects } from '../../../contracts/naming.ts';
import type { ObjectStore } from '../../shared/objects.ts';
import type { Split } from '../outcomes/content.ts';

/** Size from which a shard is written. */
const SHARD_BYTES = 8 << 20;

/** Writes the lines of one split as shards of about 8 MB, next to the manifest of the run. */
export class ShardWriter {
  readonly shards: ShardRef[] = [];
  count = 0;
  private lines: string[] = [];
  private bytes = 0;
  private readonly work: ObjectStore;
  private readonly runId: string;
  private readonly split: Split;

  constructor(work: ObjectStore, runId: string, split: Split) {
    this.work = work;
    this.runId = runId;
    this.split = split;
  }

  async add(line: string): Promise<void> {
    this.lines.push(line, '\n');
    this.bytes += Buffer.byteLength(line) + 1;
    this.count += 1;
    if (this.bytes >= SHARD_BYTES) await this.flush();
  }

  /** Writes the last shard. */
  async end(): Promise<ShardRef[]> {
    if (this.lines.length > 0) await this.flush();
    return this.shards;
  }

  private async flush(): Promise<void> {
    const body = Buffer.from(this.lines.join(''), 'utf8');
    const count = this.lines.length / 2;
    this.lines = [];
    this.bytes = 0;
    const key = objects.dataShard(this.runId, this.split, this.shards.length + 1);
    await this.work.put(key, body, 'application/jsonl');
    this.shards.push({
      path: key.slice(objects.manifest(this.runId).lastIndexOf('/') + 1),
      sha256: createHash('sha256').update(body).digest('hex'),
      count,
      size_bytes: body.length,
    });
  }
}
