/** Shards of an index partition that every task writes to: 1,000 writes/s each. */
export const INDEX_SHARDS = 8;

/** Stable shard of an id (FNV-1a, 32 bit). */
export function shardOf(id: string, shards: number = INDEX_SHARDS): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193) >>> 0;
  return hash % shards;
}

export const allShards = (): number[] => Array.from({ length: INDEX_SHARDS }, (_, shard) => shard);
