import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const kit = (path: string) =>
  fileURLToPath(new URL(`../packages/agent-ui/src/${path}`, import.meta.url));

const BOX = 'http://127.0.0.1:8080';

// The box refuses what a page of another host sends: it has to see the host that the page
// is opened at. Given as a mere address, Vite would put the box's there.
const through = (ws = false) => ({ target: BOX, changeOrigin: false, ws });

export default defineConfig({
  plugins: [react()],
  resolve: {
    // From source, so that a change in a component needs no build of the package.
    alias: [
      { find: '@agent/ui/styles.css', replacement: kit('styles.css') },
      { find: /^@agent\/ui$/, replacement: kit('index.ts') },
    ],
    dedupe: ['react', 'react-dom'],
  },
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    // The content security policy allows no data: addresses.
    assetsInlineLimit: 0,
  },
  server: {
    proxy: { '/api': through(), '/auth': through(), '/healthz': through(), '/ws': through(true) },
  },
});
