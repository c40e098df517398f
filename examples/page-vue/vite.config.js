import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

// The web views of older clients know ES2017.
export default defineConfig({ plugins: [vue()], build: { target: 'es2017' } });
