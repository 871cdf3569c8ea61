/** Looks again and again until a condition holds; rejects, naming it, after `ms`. Gives how long it took. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, ms = 5000): Promise<number> {
  const started = performance.now();
  for (;;) {
    if (await condition()) return performance.now() - started;
    if (performance.now() - started > ms) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
