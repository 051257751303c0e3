import type { PictureMetadata } from '../../../contracts/entities/file-metadata.ts';
import { assertNothingHidden } from '../hidden.ts';

/** Findings of the structural inspection of a picture. Pixels are not decoded. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly removed: readonly PictureMetadata[];
  /** The picture without its metadata, in parts. */
  readonly clean: readonly Buffer[];
}

/** Collects the metadata that is left out of the clean copy. */
export class RemovedMetadata {
  readonly #kinds = new Set<PictureMetadata>();

  /** @throws Unreadable if the block holds a document of another type */
  add(kind: PictureMetadata, block: Buffer): void {
    assertNothingHidden(block);
    this.#kinds.add(kind);
  }
  found(): PictureMetadata[] {
    return [...this.#kinds].sort();
  }
}
