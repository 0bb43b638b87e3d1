/** Ignores the errors of the system that are expected. */

/** For `catch`: returns undefined for errors of these codes (`ENOENT`, …), and throws every other error again. */
export function ignore(...codes: string[]) {
  return (error: NodeJS.ErrnoException): undefined => {
    if (!codes.includes(error.code ?? "")) throw error;
  };
}
