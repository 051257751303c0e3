/** The code blocks of a section of a Markdown document, in their order. */
export interface Block {
  readonly language: string;
  readonly code: string;
}

/** @throws Error if there is no such section */
export function blocksOf(markdown: string, heading: string): Block[] {
  const section = new RegExp(`^## ${heading}\\n(.*?)(?=^## |$(?![\\s\\S]))`, 'ms').exec(markdown)?.[1];
  if (section === undefined) throw new Error(`There is no section "${heading}".`);
  return [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, code]) => ({
    language: language!,
    code: code!,
  }));
}

export const codeOf = (blocks: readonly Block[], language: string): string =>
  blocks
    .filter((block) => block.language === language)
    .map(({ code }) => code)
    .join('\n');
