import type { Faults } from './faults.ts';

/** A listening socket that can be closed for a while. */
export interface Door {
  /** No new connections; those that are there may end. */
  close(): void;
  /** Listens where it did before; false if that cannot be done yet. */
  open(): Promise<boolean>;
}

/** Milliseconds between two looks at a clock that does not run by itself, or at a port that is taken. */
const shortest = 20;

/** Closes the management interface's door as long as a `refused` fault is on. Gives what ends this. */
export function keepDoor(faults: Faults, door: Door): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isOpen = true;
  let isOpening = false;
  const again = (ms: number | undefined): void => {
    clearTimeout(timer);
    timer = ms === undefined ? undefined : setTimeout(look, Math.max(shortest, ms)).unref();
  };
  const reopen = async (): Promise<void> => {
    isOpening = true;
    isOpen = await door.open();
    isOpening = false;
    if (isOpen) {
      look();
    } else {
      again(shortest);
    }
  };
  const look = (): void => {
    const { isOn, againMs } = faults.standing('refused');
    again(isOn === isOpen ? shortest : againMs);
    if (isOpening || isOn !== isOpen) {
      return;
    }
    if (isOn) {
      isOpen = false;
      door.close();
    } else {
      void reopen();
    }
  };
  faults.onChange(look);
  look();
  return () => {
    faults.onChange(() => undefined);
    clearTimeout(timer);
  };
}
