/** A run that is prepared. */
import type { RunRecord, RunRequest } from "../../model.ts";
import type { Interruption } from "./interruption.ts";
import type { ProgressDisplay } from "./progress.ts";

/** Runs one request to its record, on what was prepared. Throws BenchError, as `bench` does. */
export type Run = (request: RunRequest, interruption: Interruption, progress: ProgressDisplay) => Promise<RunRecord>;
