import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { PAGES } from './src/pages.ts';

/** Tells the platform which addresses are pages of the dashboard. */
const listOfPages = (): Plugin => ({
  name: 'list-of-pages',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'pages.json', source: JSON.stringify(PAGES) });
  },
});

/** `npm run build` runs it with the folder to write to, and compresses the output (scripts/build-dashboard.mjs). */
export default defineConfig({
  resolve: { alias: { '#libs/client': `${import.meta.dirname}/../../libs/client/src/index.ts` } },
  plugins: [react(), tailwind(), listOfPages()],
  server: { proxy: { '/v1': { target: 'http://127.0.0.1:3000', changeOrigin: false } } },
  build: {
    target: 'baseline-widely-available',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // The client's verification of webhooks is for servers; without its import it is left out of the bundle.
    rolldownOptions: {
      external: ['node:crypto'],
      treeshake: { moduleSideEffects: 'no-external' },
      // Otherwise a page loads forty files, most of them smaller than one kilobyte (decision 0074).
      output: {
        codeSplitting: {
          groups: [
            { name: 'first', tags: ['$initial'] },
            { name: 'shared', minShareCount: 6 },
          ],
        },
      },
    },
  },
});
