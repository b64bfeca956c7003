import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Two builds: the components, with React left to the page that uses them, and the audio
// worklet, which runs in a scope of its own and so must bring all it needs in one file.
export default defineConfig(({ mode }) => ({
  plugins: [react()],
  build: {
    emptyOutDir: mode !== 'worklet',
    sourcemap: false,
    lib:
      mode === 'worklet'
        ? { entry: 'src/audio/worklet.ts', formats: ['es'], fileName: () => 'audio.worklet.js' }
        : { entry: 'src/index.ts', formats: ['es'], fileName: 'index', cssFileName: 'agent-ui' },
    rolldownOptions: {
      external: [/^react($|\/)/, /^react-dom($|\/)/, /^@tanstack\//, /^lucide-react($|\/)/],
    },
  },
}));
