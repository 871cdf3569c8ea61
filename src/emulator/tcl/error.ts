/** An error of a script, as `catch` gets it. */
export class TclError extends Error {}
