import type { Column, ReadyFile } from '../../contracts/entities/file.ts';

export type TableFile = ReadyFile & { metadata: Extract<ReadyFile['metadata'], { columns: Column[] }> };
export const isTable = (file: ReadyFile): file is TableFile => file.metadata.file_type !== 'text';
