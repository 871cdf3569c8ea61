/** One request as the API server's audit log has it. */
export interface AuditedRequest {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete` … */
  readonly verb: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** `admin`, or `system:serviceaccount:NAMESPACE:NAME`. */
  readonly user: string;
  readonly userAgent: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly status: number;
}

interface AuditEvent {
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly userAgent?: string;
  readonly objectRef?: { readonly resource?: string; readonly subresource?: string; readonly namespace?: string };
  readonly responseStatus?: { readonly code?: number };
}

/**
 * Reads an audit log (JSON lines). A watch counts from its first answer on, any other request when it is answered;
 * a last line that is still being written is left out.
 */
export function parseAudit(text: string): readonly AuditedRequest[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter(({ stage, verb, responseStatus }) => {
      const opened = verb === 'watch' && (responseStatus?.code ?? 0) < 300;
      return stage === (opened ? 'ResponseStarted' : 'ResponseComplete');
    })
    .map(toRequest);
}

function toRequest(event: AuditEvent): AuditedRequest {
  const url = new URL(event.requestURI, 'https://apiserver');
  return {
    verb: event.verb,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    user: event.user.username,
    userAgent: event.userAgent ?? '',
    resource: event.objectRef?.resource ?? '',
    subresource: event.objectRef?.subresource ?? '',
    namespace: event.objectRef?.namespace ?? '',
    status: event.responseStatus?.code ?? 0,
  };
}
