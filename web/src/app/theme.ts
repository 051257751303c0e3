import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const duke: MantineColorsTuple = [
  '#eaf3ff',
  '#d3e3fb',
  '#a4c5f4',
  '#72a5ee',
  '#4a89e8',
  '#3178e5',
  '#226fe4',
  '#0b57c2',
  '#0751b8',
  '#00459f',
];

/** System fonts only, so that nothing is fetched from other sites. */
export const theme = createTheme({
  primaryColor: 'duke',
  primaryShade: { light: 7, dark: 7 },
  colors: { duke },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily:
    'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  headings: { fontWeight: '650' },
});

/** White on these is at 4.5 : 1 and more. */
const READABLE_FILLED = {
  '--mantine-color-teal-filled': '#087f5b',
  '--mantine-color-teal-filled-hover': '#06604a',
  '--mantine-color-red-filled': '#c92a2a',
  '--mantine-color-red-filled-hover': '#b02525',
  '--mantine-color-orange-filled': '#b8430a',
  '--mantine-color-orange-filled-hover': '#a13a05',
};

/** Secondary text and errors with a contrast of at least 4.5 : 1. */
export const readableColors: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5c6670',
    '--mantine-color-error': '#c92a2a',
    // Badges and alerts: their own colours are at 3.6 to 4.3 : 1.
    ...READABLE_FILLED,
    '--mantine-color-teal-light-color': '#06604a',
    '--mantine-color-orange-light-color': '#a13a05',
    '--mantine-color-yellow-light-color': '#7a4f00',
    '--mantine-color-red-light-color': '#b02525',
  },
  dark: {
    '--mantine-color-dimmed': '#a3a9b1',
    '--mantine-color-error': '#ff8787',
    ...READABLE_FILLED,
    '--mantine-color-anchor': '#72a5ee',
  },
});
