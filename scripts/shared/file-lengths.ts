/** Maximum number of lines of a file that people write; docs/style.md asks for about 250. */
export const MAX_LINES = 300;

/** Files that a command writes, by path; not edited by hand. */
export const GENERATED: Readonly<Record<string, string>> = {
  'client/python/src/dukenet/api.py': 'npm run client:generate',
  'client/python/src/dukenet/models.py': 'npm run client:generate',
  'lambdas/files/encodings/frequencies.ts': 'npm run encodings:generate',
  'model/dukemm/contract/messages.py': 'npm run contracts:generate',
  'web/src/routeTree.gen.ts': 'npm run web:build',
};

/** Number of lines of a text that ends with a line break. */
const linesOf = (text: string): number => text.split('\n').length - 1;

/** One message for each file that is too long, and for each generated file that no longer exists. */
export function lengthFindings(
  files: readonly string[],
  read: (file: string) => string,
  generated: Readonly<Record<string, string>> = GENERATED,
): string[] {
  const missing = Object.keys(generated).filter((file) => !files.includes(file));
  return [
    ...missing.map(
      (file) => `${file} does not exist: remove it from GENERATED in scripts/shared/file-lengths.ts`,
    ),
    ...files
      .filter((file) => !(file in generated))
      .map((file) => ({ file, lines: linesOf(read(file)) }))
      .filter(({ lines }) => lines > MAX_LINES)
      .map(
        ({ file, lines }) =>
          `${file}: ${lines} lines, more than ${MAX_LINES}: split it into parts with a meaning`,
      ),
  ];
}
