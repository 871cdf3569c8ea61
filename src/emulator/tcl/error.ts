/** An error of a script, as `catch` gets it. */
export class TclError extends Error {
  /** The text of the innermost command that failed. */
  command?: string;
}
