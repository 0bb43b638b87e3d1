/** The group under which a function writes the rows of a run: `<run>/<name>`. */

/** Gives the group of each run. It is one text for all rows of a run, because a million of them are kept and compared. */
export function groupsNamed(name: string): (runId: string) => string {
  let known: string | null = null;
  let group: string;
  return (runId) => {
    if (runId !== known) {
      known = runId;
      group = `${runId}/${name}`;
    }
    return group;
  };
}
