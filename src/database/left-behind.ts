/** Puts in order after a process that was killed while it used the embedded Postgres: a database half made, or a server that nobody stops. */
import { setTimeout as pause } from "node:timers/promises";
import { existingCluster, placeOf } from "./cluster.ts";
import { removeLeftDrafts } from "./drafts.ts";
import { isRunning, readPostmaster } from "./postmaster.ts";
import { leave, takeShare } from "./share.ts";

const betweenLooksMs = 50;
/** An initdb whose process is gone goes on for a second or two, a start or a stop of the server likewise. */
const looks = 600;
/** A server that was being started has its pid file by then. */
const looksBeforeServer = 40;
/** The server notices at once that a connection has ended, unless it is busy. */
const looksWhileOthersUseIt = 100;

/** Removes what the process `gone` left half made, and stops the server that it used unless others do. */
export async function putInOrder(directory: string, gone: number): Promise<void> {
  const place = await placeOf(directory);
  if (place === undefined) return;
  for (let look = 0; look < looks && (await removeLeftDrafts(place, gone)); look++) await pause(betweenLooksMs);
  const cluster = await existingCluster(place);
  if (cluster === undefined) return;
  let withoutServer = 0;
  let withOthers = 0;
  for (let look = 0; look < looks; look++) {
    const postmaster = await readPostmaster(cluster.data);
    if (!postmaster || !(await isRunning(postmaster))) {
      if (++withoutServer > looksBeforeServer) return;
    } else if (postmaster.status === "ready") {
      const client = await takeShare(cluster, postmaster).catch(() => undefined);
      if (client && (await leave(cluster, client, postmaster))) return;
      if (client && ++withOthers > looksWhileOthersUseIt) return;
    }
    await pause(betweenLooksMs);
  }
}
