/** Runs that are prepared. */
import type { RunRecord, RunRequest } from "../../model.ts";
import type { Interruption } from "./interruption.ts";
import type { ProgressDisplay } from "./progress.ts";
import type { Room } from "./side-by-side.ts";

/** Runs one request to its record, on what was prepared. Throws BenchError, as `bench` does. */
export type Run = (request: RunRequest, interruption: Interruption, progress: ProgressDisplay) => Promise<RunRecord>;

/** Does what there is to do with the runs that were prepared, for which there is so much room. */
export type Work = (run: Run, room: Room) => Promise<void>;
