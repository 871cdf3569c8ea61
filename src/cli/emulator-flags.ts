import type { KernelFlags } from './emulator-kernel.ts';

/** What `fairlead emulator` takes. */
export interface EmulatorFlags extends KernelFlags {
  readonly listen: string;
  readonly user: string;
  readonly passwordFile: string;
  readonly tmos: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly caOut?: string;
  /** False: --no-dataplane. */
  readonly dataplane: boolean;
  readonly timeScale: number;
  readonly output: string;
}
