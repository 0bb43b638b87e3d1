/** The keeper's program, with a directory and the number of the process that used its database: waits for the end of that, if need be. */
import { text } from "node:stream/consumers";
import { putInOrder } from "./left-behind.ts";

const [, , directory, pid] = process.argv;
const said = await text(process.stdin);
if (said === "") await putInOrder(directory!, Number(pid));
