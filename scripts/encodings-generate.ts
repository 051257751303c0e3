/**
 * `npm run encodings:generate`: writes lambdas/files/encodings/frequencies.ts from the language models of jschardet, which
 * are not bundled themselves (docs/adr/0049-encodings-by-character-frequencies.md).
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { frequencyTables } from './encodings/frequencies.ts';
import type { ByteModels } from './encodings/frequencies.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const path = `${root}lambdas/files/encodings/frequencies.ts`;

// The package exports its detector only.
const { loadModels } = (await import(`${root}node_modules/jschardet/build/models/index.js`)) as {
  loadModels: () => ByteModels;
};
const source = `
/**
 * Made by \`npm run encodings:generate\`; not edited by hand. Of each language: characters beyond ASCII, alone (Chinese,
 * Japanese, Korean) or in pairs with a neighbour, by level: −2 log2 of their share among all such units of the language.
 * A space stands for every ASCII character that is not a letter. Source: the models of jschardet (0BSD).
 */
export const FREQUENCIES = ${JSON.stringify(frequencyTables(loadModels()))} as const satisfies Record<string, Readonly<Record<number, string>>>;

export type Language = keyof typeof FREQUENCIES;
`;
const style = await resolveConfig(path);
writeFileSync(path, await format(source, { ...style, parser: 'typescript' }));
