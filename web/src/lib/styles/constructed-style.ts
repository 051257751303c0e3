import { useInsertionEffect } from 'react';

interface Entry {
  readonly sheet: CSSStyleSheet;
  uses: number;
}

const entries = new Map<string, Entry>();

/**
 * Applies CSS as a constructed style sheet, after all style sheets of the document. Unlike a `style` element it needs no
 * `'unsafe-inline'` in the content security policy. The same CSS is applied once, however often it is added.
 * @returns removes it again
 */
export function addStyles(css: string): () => void {
  let entry = entries.get(css);
  if (!entry) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    entry = { sheet, uses: 0 };
    entries.set(css, entry);
    document.adoptedStyleSheets.push(sheet);
  }
  entry.uses += 1;
  const added = entry;
  return () => {
    added.uses -= 1;
    if (added.uses > 0) return;
    entries.delete(css);
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== added.sheet);
  };
}

interface StyleProps {
  readonly children?: string;
  readonly dangerouslySetInnerHTML?: { readonly __html: string };
}

/** Stands for the `style` elements of Mantine (`web/csp-styles.ts`). */
export function ConstructedStyle({ children, dangerouslySetInnerHTML }: StyleProps): null {
  const css = children ?? dangerouslySetInnerHTML?.__html ?? '';
  useInsertionEffect(() => addStyles(css), [css]);
  return null;
}

/** Stands for `stylesheetSingleton` of react-style-singleton, by which Mantine locks the scrolling behind a dialog. */
export function stylesheetSingleton(): { add: (css: string) => void; remove: () => void } {
  let uses = 0;
  let remove: (() => void) | undefined;
  return {
    add: (css) => {
      if (uses === 0) remove = addStyles(css);
      uses += 1;
    },
    remove: () => {
      uses -= 1;
      if (uses === 0) remove?.();
    },
  };
}
