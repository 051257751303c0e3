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
  primaryShade: { light: 7, dark: 5 },
  colors: { duke },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily:
    'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  headings: { fontWeight: '650' },
});

/** Secondary text and errors with a contrast of at least 4.5 : 1. */
export const readableColors: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#5c6670', '--mantine-color-error': '#c92a2a' },
  dark: { '--mantine-color-dimmed': '#a3a9b1', '--mantine-color-error': '#ff8787' },
});
