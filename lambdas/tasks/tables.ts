import type { TableMetadata } from '../../contracts/entities/file-metadata.ts';
import type { ReadyFile } from '../../contracts/entities/file.ts';
import { isTable } from '../../contracts/rules/file-kinds.ts';

export type TableFile = ReadyFile & { metadata: TableMetadata };
export const isTableFile = (file: ReadyFile): file is TableFile => isTable(file.metadata);
