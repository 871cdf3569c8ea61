import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import type { ApiError } from '../api/errors.ts';
import { rbacRule } from '../api/resources.ts';

/** What is written to the API server. */
export type Written = 'status' | 'ingress-status' | 'events';

const NAMES: Readonly<Record<Written, string>> = {
  status: 'the status of Services',
  'ingress-status': 'the status of Ingresses',
  events: 'Events',
};
const INGRESSES = 'networking.k8s.io';

/** The RBAC rules that writing needs. */
const writeRules: Readonly<Record<Written, string>> = {
  status: `${rbacRule({ group: '', resource: 'services', verbs: ['get'] })} and ${rbacRule({ group: '', resource: 'services/status', verbs: ['patch'] })}`,
  'ingress-status': `${rbacRule({ group: INGRESSES, resource: 'ingresses', verbs: ['get'] })} and ${rbacRule({ group: INGRESSES, resource: 'ingresses/status', verbs: ['patch'] })}`,
  events: rbacRule({ group: 'events.k8s.io', resource: 'events', verbs: ['create', 'get', 'patch'] }),
};

/** Failures of writing, each told once until it works again. */
export class WriteProblems {
  readonly #source: string;
  readonly #told = new Map<Written, string>();
  #untold: Diagnostic[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  /** Notes how a write went. */
  note(what: Written, error: ApiError | undefined): void {
    if (error === undefined) {
      this.#told.delete(what);
      return;
    }
    const kind = `${error.failure} ${error.status}`;
    if (this.#told.get(what) === kind) return;
    this.#told.set(what, kind);
    const forbidden = error.status === 403;
    this.#untold.push({
      code: forbidden ? 'kubernetes-forbidden' : 'kubernetes-write-failed',
      severity: 'warning',
      origin: this.#source,
      summary: `${this.#source}: cannot write ${NAMES[what]}: ${error.message}`,
      ...(forbidden ? { detail: `missing RBAC rule: ${writeRules[what]}` } : {}),
    });
  }

  /** What was not told yet. */
  take(): readonly Diagnostic[] {
    const untold = this.#untold;
    this.#untold = [];
    return untold;
  }
}
