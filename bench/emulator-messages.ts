/** What the emulator's process tells its bench. */
export type DeviceMessage =
  | {
      readonly type: 'listening';
      readonly url: string;
      readonly certificate: string;
      readonly password: string;
      /** Whether the process holds to one core. */
      readonly pinned: boolean;
    }
  | {
      readonly type: 'counted';
      /** Objects of the configuration, stock objects left out. */
      readonly objects: number;
      readonly rssMiB: number;
      readonly peakRssMiB: number;
      /** Processor time of the process since its start. */
      readonly cpuMs: number;
    }
  | { readonly type: 'failed'; readonly message: string };

/** What the bench asks of it. */
export type DeviceOrder = { readonly type: 'count' } | { readonly type: 'stop' };
