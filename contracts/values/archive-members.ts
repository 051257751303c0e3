import * as z from 'zod';
import { Sha256 } from '../entities/common.ts';
import { NamedFiles } from './file-names.ts';

/**
 * A medium in a ZIP archive, as listed by the inspection. Its bytes are stored beside those of the archive, by their
 * hash.
 */
export const ArchiveMember = z.strictObject({
  /** Its path in the archive. */
  path: z.string().min(1),
  file_type: z.enum(['image', 'pdf', 'audio']),
  sha256: Sha256,
  size_bytes: z.int().nonnegative(),
});
export type ArchiveMember = z.infer<typeof ArchiveMember>;
export const ArchiveManifest = z.array(ArchiveMember);

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const isPath = (cell: string): boolean => cell.includes('/');

/** Finds members by cell content: their path in the archive, or their base name if it is unique. */
export class NamedMembers {
  readonly #byPath: NamedFiles<ArchiveMember & { readonly filename: string }>;
  readonly #byName: NamedFiles<ArchiveMember & { readonly filename: string }>;

  constructor(members: readonly ArchiveMember[]) {
    const named = members.map((member) => ({ ...member, filename: nameOf(member.path) }));
    const single = [...Map.groupBy(named, ({ filename }) => filename).values()].filter(
      ({ length }) => length === 1,
    );
    this.#byName = new NamedFiles(single.flat());
    this.#byPath = new NamedFiles(members.map((member) => ({ ...member, filename: member.path })));
  }

  find(cell: string): ArchiveMember | undefined {
    const path = cell.trim().replaceAll('\\', '/').replace(/^\.\//, '');
    return this.#byPath.find(path) ?? this.#byName.find(path);
  }

  /** Whether a cell looks like the name of a member (by its extension) but is none. */
  isAbsent(cell: string): boolean {
    const text = cell.trim();
    return this.find(text) === undefined && this.#byName.isAbsent(isPath(text) ? nameOf(text) : text);
  }
}
