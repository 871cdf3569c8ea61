import type { Parse } from '../../values/parsers.ts';

/** One annotation: how it is read, and all that its documentation says. */
export interface AnnotationSpec<T> {
  /**
   * `Service`: for the whole Service. `port`: also for one port, with `.<port name or number>` after the name. `Ingress`:
   * for an Ingress alone.
   */
  readonly on: 'Service' | 'port' | 'Ingress';
  /** It is read on Ingresses, too. */
  readonly ingress?: true;
  /** What a valid value looks like; ends messages about invalid ones. */
  readonly form: string;
  /** What holds without it. */
  readonly default: string;
  readonly example: string;
  readonly effect: string;
  readonly parse: Parse<T>;
  /** Which part of an invalid value is wrong, where it has parts; for the message. */
  readonly wrong?: (text: string) => string | undefined;
}

/** A spec as it is, with the type of its value. */
export function spec<T>(given: AnnotationSpec<T>): AnnotationSpec<T> {
  return given;
}
