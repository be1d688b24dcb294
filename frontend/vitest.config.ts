import { defineConfig } from 'vitest/config';

// The time limit tells a test that hangs from one on a busy machine.
export default defineConfig({ test: { include: ['src/**/*.test.ts'], testTimeout: 180_000, hookTimeout: 180_000 } });
