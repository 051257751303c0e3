import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { configure, render } from '@testing-library/react';
import type { ReactNode } from 'react';

/** What jsdom lacks and Mantine asks for. */
class NoResizes implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver = NoResizes;
globalThis.matchMedia = (media) =>
  Object.assign(new EventTarget(), { media, matches: false }) as unknown as MediaQueryList;
Element.prototype.scrollIntoView = () => undefined;
// Nothing has a size in jsdom, and a chart of no size draws nothing.
Element.prototype.getBoundingClientRect = function size(this: Element): DOMRect {
  const isChart = this.classList.contains('recharts-responsive-container');
  return isChart ? new DOMRect(0, 0, 600, 220) : new DOMRect();
};
// Lists that render only what is visible ask for these.
for (const [name, size] of Object.entries({ clientHeight: 600, clientWidth: 800 }))
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size });
// A text area that grows measures itself again when a font has come.
if (!('fonts' in document)) Object.defineProperty(document, 'fonts', { value: new EventTarget() });

// Ends only waits that hang; 1 s by default, which a busy machine exceeds.
configure({ asyncUtilTimeout: 60_000 });

/** Renders without transitions, inside what every page has around it. */
export const renderWithProviders = (children: ReactNode) =>
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>
    </MantineProvider>,
  );
