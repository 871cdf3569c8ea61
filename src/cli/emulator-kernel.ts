import type { DeviceSettings } from './emulator-flags.ts';
import { Failure } from './failure.ts';

/** The flags of `fairlead emulator` that concern the kernel. */
export interface KernelFlags {
  /** `--kernel`: true, or `1.1=eth1,internal=eth2`. */
  readonly kernel?: string | true;
  readonly kernelAnyNamespace?: boolean;
}

/** What the flags ask of the emulator; nothing without `--kernel`. */
export function kernelOptions({ kernel, kernelAnyNamespace = false }: KernelFlags): Pick<DeviceSettings, 'kernel'> {
  if (kernel === undefined) return {};
  const pairs = kernel === true ? [] : kernel.split(',').map((text) => text.split('='));
  for (const [name = '', device = '', ...rest] of pairs) {
    if (name === '' || device === '' || rest.length > 0)
      throw new Failure(`--kernel ${String(kernel)}: expected INTERFACE=DEVICE,..., such as 1.1=eth1`);
  }
  return { kernel: { interfaces: Object.fromEntries(pairs), anyNamespace: kernelAnyNamespace } };
}
