import type { Plugin } from 'vite';

const REPLACEMENT = `${import.meta.dirname}/src/lib/styles/constructed-style.ts`;
const MANTINE_STYLES =
  /@mantine\/core\/esm\/.*\/(InlineStyles\/InlineStyles|MantineClasses\/MantineClasses|MantineCssVariables\/MantineCssVariables)\.mjs$/;
const SINGLETON = /react-style-singleton\/dist\/\w+\/singleton\.js$/;
const STYLE_ELEMENT = 'jsx("style", {';

/**
 * Replaces the `style` elements that Mantine creates by constructed style sheets, so that the content security policy needs no
 * `'unsafe-inline'`. (A nonce would have to differ in each answer, and the page is a file.)
 * @throws Error if a version of Mantine creates them in another way
 */
export const cspStyles = (): Plugin => ({
  name: 'csp-styles',
  apply: 'build',
  transform(code, id) {
    const [file = ''] = id.split('?', 1);
    if (SINGLETON.test(file))
      return { code: `export { stylesheetSingleton } from ${JSON.stringify(REPLACEMENT)};`, map: null };
    if (!MANTINE_STYLES.test(file)) return undefined;
    if (!code.includes(STYLE_ELEMENT))
      throw new Error(`${file} creates no style element: see web/csp-styles.ts`);
    const replaced = code.replaceAll(STYLE_ELEMENT, 'jsx(ConstructedStyle, {');
    return {
      code: `import { ConstructedStyle } from ${JSON.stringify(REPLACEMENT)};\n${replaced}`,
      map: null,
    };
  },
});
