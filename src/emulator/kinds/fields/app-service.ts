import type { Field, FieldOptions } from '../field.ts';
import { reference } from './references.ts';

/** The application service that an object belongs to: what its template made is marked with it (fact sheet 8.15). */
export function appService(options: FieldOptions = {}): Field {
  return reference('appService', { target: 'sys/application/service' }, options);
}
