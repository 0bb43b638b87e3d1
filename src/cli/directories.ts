/** The directories that things are kept in, relative to the one that the command is called in. */
import { ownDirectoryName } from "../files/own-files.ts";

export const homeDirectory = ownDirectoryName;
export const journalsDirectory = `${homeDirectory}/journals`;
export const profilesDirectory = `${homeDirectory}/profiles`;
export const runsDirectory = `${homeDirectory}/runs`;
export const sweepsDirectory = `${homeDirectory}/sweeps`;
