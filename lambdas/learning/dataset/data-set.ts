import { createHash } from 'node:crypto';
import type { TrainingExample } from '../../../contracts/entities/training.ts';
import type { DataManifest, ShardRef } from '../../../contracts/learning/manifest.ts';
import { logger } from '../../shared/logger.ts';
import type { ObjectStore } from '../../shared/objects.ts';
import { contentHash, isReserved, MAX_RESERVOIR, splitOf } from '../outcomes/content.ts';
import type { Split } from '../outcomes/content.ts';
import type { Lines } from '../outcomes/read-lines.ts';
import { readOutcome } from '../outcomes/read-outcome.ts';
import { ShardWriter } from './shard-writer.ts';
import { UnusableCounter } from './unusable-counter.ts';

type FamilyCounts = DataManifest['families'][string];

/**
 * Builds the data set of one run: writes each distinct outcome to its split. Memory: 16 bytes per distinct content, and the
 * unwritten end of one shard per split.
 */
export class DataSet {
  readonly families = new Map<string, FamilyCounts>();
  readonly unusable = new UnusableCounter();
  /** Hashes of the source files. */
  readonly sources: string[] = [];
  first: string | null = null;
  last: string | null = null;
  newLabels = 0;
  private replay = 0;
  private leftOut = 0;
  private readonly seen = new Set<string>();
  private readonly seenRefused = new Set<string>();
  private readonly writers: Readonly<Record<Split, ShardWriter>>;
  private readonly trainedUntil: string;

  constructor(work: ObjectStore, runId: string, trainedUntil: string | null) {
    this.trainedUntil = trainedUntil ?? '';
    const writer = (split: Split) => new ShardWriter(work, runId, split);
    this.writers = {
      train: writer('train'),
      validation: writer('validation'),
      reservoir: writer('reservoir'),
    };
  }

  /** Adds the usable outcomes of a file. @param replayed whether they are older than the window */
  async addFile(file: Lines, replayed: boolean): Promise<void> {
    for await (const line of file.lines) {
      const example = this.read(line);
      if (example) await this.add(line, example, replayed);
    }
    this.sources.push(file.sha256());
  }

  /** Copies a file of the previous reservoir without withdrawn outcomes. @returns the hash of the whole file */
  async addReservoir(file: Lines, taskIds: ReadonlySet<string>): Promise<string> {
    const kept = createHash('sha256');
    for await (const line of file.lines) {
      const read = readOutcome(line);
      if ('example' in read && !taskIds.has(read.example.task_id)) continue;
      kept.update(`${line}\n`);
      const example = this.read(line);
      if (!example) continue;
      this.seen.add(nameOf(contentHash(example.family, example.item)));
      await this.put('reservoir', line, example);
    }
    this.sources.push(kept.digest('hex'));
    return file.sha256();
  }

  /** Counts a file of outcomes that was listed but does not exist any more. */
  addMissingFile(key: string): void {
    logger.warn('file of outcomes is gone', { key });
    this.unusable.ofOutcomes += 1;
    this.refuse(null, 'the file of outcomes is gone');
  }

  /** Undefined for an unusable line, which is counted and affects no other line. */
  private read(line: string): TrainingExample | undefined {
    this.unusable.ofOutcomes += 1;
    const read = readOutcome(line);
    if (!('example' in read)) return this.refuse(read.family, read.fault);
    const { family, kind } = read.example;
    const counts = this.families.get(family);
    if (counts && counts.kind !== kind)
      return this.refuse(family, 'an outcome of another kind than its family');
    return read.example;
  }

  private refuse(family: string | null, fault: string): undefined {
    this.unusable.add(family, fault);
    this.leftOut += 1;
  }

  async end(): Promise<Record<Split, ShardRef[]>> {
    const { train, validation, reservoir } = this.writers;
    return { train: await train.end(), validation: await validation.end(), reservoir: await reservoir.end() };
  }

  counts(): DataManifest['counts'] {
    const { train, validation, reservoir } = this.writers;
    return {
      train: train.count,
      validation: validation.count,
      reservoir: reservoir.count,
      replay: this.replay,
      left_out: this.leftOut,
    };
  }

  private async add(line: string, example: TrainingExample, replayed: boolean): Promise<void> {
    const hash = contentHash(example.family, example.item);
    const name = nameOf(hash);
    // A refusal without a correction is not a label and must not displace an older duplicate that is one.
    const isRefused = example.expected === undefined;
    if (example.weight === 0 || this.seen.has(name) || (isRefused && this.seenRefused.has(name))) {
      this.leftOut += 1;
      return;
    }
    (isRefused ? this.seenRefused : this.seen).add(name);
    const room = (this.families.get(example.family)?.reservoir ?? 0) < MAX_RESERVOIR;
    const split = isReserved(hash) && room ? 'reservoir' : splitOf(hash);
    if (split === 'train' && replayed) this.replay += 1;
    if (!isRefused && example.created_at > this.trainedUntil) this.newLabels += 1;
    await this.put(split, line, example);
  }

  private async put(
    split: Split,
    line: string,
    { family, kind, created_at }: TrainingExample,
  ): Promise<void> {
    const counts = this.families.get(family) ?? { kind, train: 0, validation: 0, reservoir: 0 };
    counts[split] += 1;
    this.families.set(family, counts);
    if (this.first === null || created_at < this.first) this.first = created_at;
    if (this.last === null || created_at > this.last) this.last = created_at;
    await this.writers[split].add(line);
  }
}

/** The first 16 bytes, one character each. */
const nameOf = (hash: Buffer): string => hash.toString('latin1', 0, 16);
