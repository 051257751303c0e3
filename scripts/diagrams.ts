/** `npm run docs:diagrams`: renders each `docs/diagrams/*.dot` into an SVG beside it. `test/unit/scripts/diagrams.test.ts` compares. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { instance } from '@viz-js/viz';

const viz = await instance();

/** Renders Graphviz source to SVG. */
export const svgOf = (dot: string): string => `${viz.renderString(dot, { format: 'svg' }).trimEnd()}\n`;

if (import.meta.main) {
  for (const file of globSync('docs/diagrams/*.dot')) {
    writeFileSync(file.replace(/\.dot$/, '.svg'), svgOf(readFileSync(file, 'utf8')));
  }
}
