import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The web views of older clients know ES2017.
export default defineConfig({ plugins: [react()], build: { target: 'es2017' } });
