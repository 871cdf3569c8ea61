/** How a whole is read, and followed from there. */
export interface ListThenWatch {
  /** Whether there is a place from which a watch can go on. */
  readonly canWatch: () => boolean;
  readonly list: () => Promise<void>;
  readonly watch: () => Promise<void>;
  /** Takes what went wrong, and waits as long as is fit; throws what it cannot take. */
  readonly recover: (verb: 'list' | 'watch', error: unknown) => Promise<void>;
}

/** Lists if need be, and watches, until the signal aborts; then it returns. */
export async function listThenWatch(
  { canWatch, list, watch, recover }: ListThenWatch,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const verb = canWatch() ? 'watch' : 'list';
    try {
      await (verb === 'list' ? list() : watch());
    } catch (error) {
      if (signal.aborted) return;
      await recover(verb, error);
    }
  }
}
