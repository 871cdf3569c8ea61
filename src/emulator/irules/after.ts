import { makeList, TclError, type Command } from '../tcl/index.ts';
import type { Flow } from './flow.ts';

interface Pending {
  readonly cancel: () => void;
}

/**
 * `after MS ?-periodic? SCRIPT`, `after cancel ?-current | ID …?`, `after info ?ID?` for one connection. Scripts run while it
 * lives. `after MS` alone, which holds up the rule, is an error: rules run through here.
 * @param later makes work of a script, to be done with the rule and event of now.
 */
export function afterCommand(flow: Flow, later: (script: string) => () => void): Command {
  const pending = new Map<string, Pending>();
  let last = 0;
  let current = '';

  const start = (ms: number, work: () => void, isPeriodic: boolean): string => {
    const id = `after#${(last += 1)}`;
    const arm = (): void => {
      const cancel = flow.hands.after(ms, () => {
        if (isPeriodic) arm();
        else pending.delete(id);
        current = id;
        work();
      });
      pending.set(id, { cancel });
    };
    arm();
    return id;
  };
  const cancel = (ids: readonly string[]): string => {
    for (const id of ids[0] === '-current' ? [current] : ids) {
      pending.get(id)?.cancel();
      pending.delete(id);
    }
    return '';
  };
  return ([what = '', ...args]) => {
    if (what === 'cancel') return cancel(args);
    if (what === 'info') return args[0] === undefined ? makeList([...pending.keys()]) : makeList([args[0]]);
    if (!/^\d{1,9}$/v.test(what)) throw new TclError(`bad argument "${what}": must be cancel, info, or a time`);
    const isPeriodic = args[0] === '-periodic';
    const script = args.slice(isPeriodic ? 1 : 0).join(' ');
    if (script === '') throw new TclError('after without a script is not supported by this emulator');
    return start(Math.max(1, Number(what)), later(script), isPeriodic);
  };
}
