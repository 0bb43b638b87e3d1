/** The files of a zip archive by its directory, which is read without inflating any of them. */

export interface ArchivedFile {
  name: string;
  /** Its size when it is inflated, as the directory tells it. */
  bytes: number;
}

/** The sizes and signatures of https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.12 and 4.3.16. */
const endSignature = 0x06054b50;
const endBytes = 22;
const longestComment = 0xffff;
const entrySignature = 0x02014b50;
const entryBytes = 46;

/**
 * null: it is no archive, or one in the format for more than 65,535 files or 4 GB. The directory is not read beyond the archive, however
 * many files it says that it has.
 */
export function filesIn(zip: Uint8Array): ArchivedFile[] | null {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = endIn(view);
  if (end === null) return null;
  const files: ArchivedFile[] = [];
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (at + entryBytes > end || view.getUint32(at, true) !== entrySignature) return null;
    const nameBytes = view.getUint16(at + 28, true);
    const furtherBytes = view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    const nameAt = at + entryBytes;
    at = nameAt + nameBytes + furtherBytes;
    if (at > end) return null;
    const name = new TextDecoder().decode(zip.subarray(nameAt, nameAt + nameBytes));
    files.push({ name, bytes: view.getUint32(nameAt - 22, true) });
  }
  return files;
}

/** Where the archive's end begins, behind which there is a comment at most; null: it has none. */
function endIn(view: DataView): number | null {
  const latest = view.byteLength - endBytes;
  for (let at = latest; at >= Math.max(0, latest - longestComment); at--) {
    if (view.getUint32(at, true) === endSignature) return at;
  }
  return null;
}
