import type { DeviceError } from '../../errors/device-error.ts';
import { tmshName, type Field } from '../field.ts';
import { asText } from '../fields/scalars.ts';
import { fileMissing } from './errors.ts';

/** How a reference to a file prints and fails. */
export interface FileReferenceOptions {
  /** Printed when unset; profiles show `none`. Absent: unset is not printed. */
  readonly shown?: string;
  /** The error for a file that is not there; the default is `0107134a`. */
  readonly missing?: (file: string) => DeviceError;
}

/** A reference to a file object. `none` is a value of its own: a profile says it against its parent. */
export function fileReference(name: string, target: string, options: FileReferenceOptions = {}): Field {
  const { shown, missing = fileMissing } = options;
  return {
    name,
    ...(shown === undefined ? {} : { default: shown }),
    reference: {
      target,
      missing: (_owner, file) => missing(file),
      paths: (value) => (typeof value === 'string' && value !== 'none' ? [value] : []),
    },
    parse: (value, context) => {
      const given = value === null ? '' : asText(value, tmshName(name)).trim();
      if (given === '' || given === 'none') {
        return shown === undefined ? undefined : 'none';
      }
      return context.resolve(target, given);
    },
  };
}
