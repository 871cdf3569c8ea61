import { createInterface } from 'node:readline/promises';
import type { Io } from './io.ts';

/** True if a person can be asked. */
export function canAsk(io: Io): boolean {
  return io.stdin.isTTY === true && io.stderr.isTTY === true;
}

/** Asks on the terminal; only the word `yes` is one. An interrupt or the end of input is a no. */
export async function askForYes(question: string, io: Io, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: io.stdin, output: io.stderr });
  const closed = new Promise<string>((resolve) => {
    lines.once('close', () => resolve('\n'));
  });
  try {
    const answer = await Promise.race([lines.question(`${question} Only 'yes' is accepted: `, { signal }), closed]);
    // Interrupted: the cursor still stands behind the question.
    if (answer === '\n') io.stderr.write('\n');
    return answer.trim() === 'yes';
  } catch {
    return false;
  } finally {
    lines.close();
  }
}
