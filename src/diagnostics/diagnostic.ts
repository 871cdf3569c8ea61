/** How bad a problem is: `error` stops its origin, `warning` does not, `info` explains. */
export type Severity = 'error' | 'warning' | 'info';

/**
 * A problem as data: what is wrong, where, and what to do. Problems are collected, never thrown one by one,
 * so that one bad input never hides another.
 */
export interface Diagnostic {
  /** Stable and machine-readable, kebab-case: `annotation-invalid`, `address-conflict`, `device-refused`. */
  readonly code: string;
  readonly severity: Severity;
  /** One line for a person: names the object, the field, what was found and what was expected. */
  readonly summary: string;
  /** More lines where one is not enough: the device's own words, the other owner, the next step. */
  readonly detail?: string;
  /** The thing that a person wrote: an origin key such as `east:Service/default/web`, or `fairlead.yaml:12`. */
  readonly origin?: string;
  /** The field inside the origin: `spec.ports[0].targetPort`, `metadata.annotations["fairlead.io/address"]`. */
  readonly field?: string;
}
