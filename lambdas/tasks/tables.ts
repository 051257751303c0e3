import type { ReadyFile, TableMetadata } from '../../contracts/entities/file.ts';
import { isTable } from '../../contracts/rules/file-kinds.ts';

export type TableFile = ReadyFile & { metadata: TableMetadata };
export const isTableFile = (file: ReadyFile): file is TableFile => isTable(file.metadata);
