import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: {
      "@rpcgen/runtime/health": here("./src/runtime/health/index.ts"),
      "@rpcgen/runtime/otel": here("./src/runtime/otel/index.ts"),
      "@rpcgen/runtime/testing": here("./src/runtime/testing/index.ts"),
      "@rpcgen/runtime": here("./src/runtime/index.ts"),
    },
  },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["./test/support/global-setup.ts"],
    // Most tests wait for a broker or for another program, so one file for each core leaves the cores idle.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
