/** Which of the system's errors are expected where. */

/** For `catch`: lets errors of these codes (`ENOENT`, …) pass as undefined, and throws the others on. */
export function ignore(...codes: string[]) {
  return (error: NodeJS.ErrnoException): undefined => {
    if (!codes.includes(error.code ?? "")) throw error;
  };
}
