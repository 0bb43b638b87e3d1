/** How tests run against mutants: those near the mutated folder, in a thread that lasts, without the database. */
import { defineConfig } from "vitest/config";
import { lastingWorkers } from "./lasting-worker.ts";

export default defineConfig({
  plugins: [
    {
      name: "lasting-workers",
      // Stryker asks for threads on the way in, and a configuration file cannot differ.
      configureVitest: ({ project }) => {
        project.config.pool = lastingWorkers.name;
        project.config.poolRunner = lastingWorkers;
      },
    },
  ],
  test: {
    root: process.cwd(),
    include: process.env.MUTATION_TESTS?.split(" "),
    testTimeout: 300_000,
    isolate: false,
    setupFiles: ["test/mutation/setup.ts"],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
  },
});
