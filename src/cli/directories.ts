/** Where things are kept, relative to the directory that the command is called in. */

export const homeDirectory = ".throttle-bench";
export const journalsDirectory = `${homeDirectory}/journals`;
export const profilesDirectory = `${homeDirectory}/profiles`;
export const runsDirectory = `${homeDirectory}/runs`;
