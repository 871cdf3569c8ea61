import type { DataPlane, Listener } from './dataplane/model.ts';
import { Dns } from './dns/index.ts';
import type { Feed } from './feed/feed.ts';
import { ListenerWatch } from './feed/listener-watch.ts';
import { startKernel, type Kernel } from './kernel/kernel.ts';
import type { EmulatorOptions } from './options.ts';
import type { Device } from './session/device.ts';
import type { JournalEntry } from './store/store.ts';

/** What follows the configuration: the data plane, and what starts when there is a device. */
export interface Live {
  readonly plane: DataPlane | undefined;
  dns?: Dns;
  kernel?: Kernel;
  watch?: ListenerWatch;
}

/** Where virtual servers and DNS listeners listen. */
export function listenersOf({ plane, dns }: Live): readonly Listener[] {
  return [...(plane?.listeners() ?? []), ...(dns?.listeners() ?? [])];
}

/** Tells of changes and failovers. Virtual servers listen on addresses of the kernel: it has its turn first. */
export interface Teller {
  readonly changed: (changes: readonly JournalEntry[]) => void;
  readonly failedOver: () => void;
}

/** Tells everyone who follows the configuration. */
export function tellerOf(feed: Feed | undefined, live: Live): Teller {
  const after = (kernel: Promise<void> | undefined, follow: () => void): void => {
    if (kernel === undefined) {
      follow();
    } else {
      void kernel.then(follow);
    }
  };
  return {
    changed: (changes) =>
      after(live.kernel?.changed(changes), () => {
        feed?.changed(changes);
        live.dns?.changed(changes);
        live.watch?.changed();
      }),
    failedOver: () =>
      after(live.kernel?.follow(), () => {
        feed?.failedOver();
        live.watch?.changed();
      }),
  };
}

/** Looks where virtual servers listen, when someone wants to know. */
function watchFor({ onListeners }: EmulatorOptions, live: Live): Pick<Live, 'watch'> {
  if (onListeners === undefined) {
    return {};
  }
  const settled = async (): Promise<void> => {
    await live.kernel?.settled();
    await live.plane?.settled();
    await live.dns?.settled();
  };
  return { watch: new ListenerWatch({ settled, listeners: () => listenersOf(live) }, onListeners) };
}

/** Starts what the options ask for, and tells what was restored. Throws `KernelRefused`. */
export async function startLive(
  options: EmulatorOptions,
  live: Live,
  from: { readonly device: Device; readonly teller: Teller; readonly restored: readonly JournalEntry[] },
): Promise<void> {
  const { device, teller, restored } = from;
  if (options.kernel !== undefined) {
    live.kernel = await startKernel(device, options.kernel);
  }
  Object.assign(live, watchFor(options, live));
  teller.changed(restored);
  const dns = options.dns ?? (live.plane === undefined ? false : {});
  if (dns !== false) {
    live.dns = new Dns({ device, plane: live.plane, onChange: teller.changed }, dns);
  }
}

/** Ends all of it: listeners first, then the addresses that they are on. */
export async function closeLive({ plane, dns, kernel }: Live): Promise<void> {
  await kernel?.settled();
  await dns?.close();
  await plane?.close();
  await kernel?.close();
}
