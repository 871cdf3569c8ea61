import type { Out } from './io.ts';

/** Tells a person at a terminal what is going on, on one line that is written over and over. */
export interface Progress {
  /** A new step begins: `reading bigip1`. */
  step(text: string): void;
  /** How far the step is. */
  count(done: number, total: number): void;
  /** Takes the line away, before other output. */
  clear(): void;
}

/** Nothing is shown: no terminal, or JSON. */
export const silentProgress: Progress = { step: () => undefined, count: () => undefined, clear: () => undefined };

const PATIENCE_MS = 1000;
const REDRAW_MS = 100;
const FRAMES = ['|', '/', '-', '\\'] as const;

/** Progress on a terminal. A step shows itself only once it has taken a second. */
export function lineProgress(out: Out): Progress {
  let text = '';
  let counted = '';
  let frame = 0;
  let drawn = false;
  let timer: NodeJS.Timeout | undefined;

  const clear = (): void => {
    clearTimeout(timer);
    if (drawn) out.write('\r\u001B[2K');
    drawn = false;
  };
  const draw = (): void => {
    const mark = FRAMES[frame % FRAMES.length] ?? '|';
    frame += 1;
    out.write(`\r\u001B[2K${`${mark} ${text}${counted}`.slice(0, (out.columns ?? 80) - 1)}`);
    drawn = true;
    timer = setTimeout(draw, REDRAW_MS).unref();
  };
  return {
    step(next) {
      clear();
      [text, counted] = [next, ''];
      timer = setTimeout(draw, PATIENCE_MS).unref();
    },
    count(done, total) {
      counted = ` (${done} of ${total})`;
    },
    clear,
  };
}
