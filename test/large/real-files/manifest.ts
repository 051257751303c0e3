import { readFileSync } from 'node:fs';
import * as z from 'zod';

const RealFile = z.strictObject({
  path: z.string().describe('Inside the package.'),
  target: z.string().describe('The column that loses every third answer.'),
  sha256: z.string().length(64),
  delimiter: z.string().length(1).optional(),
  encoding: z.enum(['latin1', 'utf16le']).optional(),
  shipped: z.string().optional().describe('Name of a copy in test/fixtures/real-files.'),
  refused: z.string().optional().describe('What the inspection says of a file that is no table for a task.'),
});

const Manifest = z.array(
  z.strictObject({
    registry: z.enum(['npm', 'pypi']),
    package: z.string(),
    version: z.string(),
    maker: z.string(),
    licence: z.string().describe('As the package states it.'),
    files: z.array(RealFile).min(1),
  }),
);
export type RealPackage = z.infer<typeof Manifest>[number];

/** Tables in published packages. */
export const realPackages = (): RealPackage[] =>
  Manifest.parse(JSON.parse(readFileSync(new URL('manifest.json', import.meta.url), 'utf8')));
