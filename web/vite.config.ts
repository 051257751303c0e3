import { tanstackRouter } from '@tanstack/router-plugin/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { cspStyles } from './csp-styles.ts';

/** `vite web`: the SPA with hot reload; `/api` goes to a running stack, as the edge does elsewhere. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    tanstackRouter({
      target: 'react',
      routesDirectory: `${import.meta.dirname}/src/app/routes`,
      generatedRouteTree: `${import.meta.dirname}/src/routeTree.gen.ts`,
      routeFileIgnorePattern: '\\.test\\.',
      addExtensions: true,
      quoteStyle: 'single',
      autoCodeSplitting: true,
      disableLogging: true,
    }),
    react(),
    cspStyles(),
  ],
  server: {
    host: '127.0.0.1',
    port: 5173,
    strictPort: true,
    // Live events come over the WebSocket of the edge itself, whose address the ticket names.
    proxy: { '/api': process.env['API_URL'] ?? 'http://127.0.0.1:8000' },
  },
  build: {
    target: 'es2023',
    // The first that know light-dark(): what replaces it for older ones ignores the scheme that Mantine sets.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    sourcemap: true,
    manifest: true,
  },
});
