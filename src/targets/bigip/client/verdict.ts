import type { Answer } from './io.ts';
import { isPage } from './words.ts';

/**
 * What an answer means. `missing`: 404, not there. `unauthorized`: log in (again). `busy`: not now; for a write it
 * is open whether it was done. `slow`: the device gave up waiting for itself, the work goes on. `refused`: no.
 */
export type Verdict = 'ok' | 'missing' | 'unauthorized' | 'busy' | 'slow' | 'refused';

/** A message of mcpd or tmsh: `0107003b:3: …`; then the request was understood and refused. */
const MCP_CODE = /\b[0-9a-f]{8}:\d:/;

/** Texts from recordings of devices (see the fact sheet on iControl REST, 1.4, 5.2, 7.1, 7.2, 11.1). */
const SLOW = /^remoteSender:|AsyncContext timeout|TimeoutException/;
const NOT_REGISTERED = /not? registered|\/available suffix/;
const MCPD_LOST = /connection to mcpd has been lost/i;

/** Judges an answer by status and text. */
export function judge(answer: Answer): Verdict {
  const { status, message } = answer;
  if (status >= 200 && status < 300) return isPage(answer) ? 'busy' : 'ok';
  if (status === 401) return isForbidden(message) ? 'refused' : 'unauthorized';
  if (SLOW.test(message)) return 'slow';
  if (status === 404) return NOT_REGISTERED.test(message) || isPage(answer) ? 'busy' : 'missing';
  if (status >= 500) return status === 500 && MCP_CODE.test(message) ? 'refused' : 'busy';
  if (status === 429) return 'busy';
  return 'refused';
}

/** Whether the trouble is of the kind after which existing objects are reported missing for a while. */
export function shakesObjects(answer: Answer): boolean {
  return answer.status === 503 || MCPD_LOST.test(answer.message) || NOT_REGISTERED.test(answer.message);
}

/** 401 by RBAC, not for want of a login: `Authorization failed: user=… resource=… verb=GET …`. */
function isForbidden(message: string): boolean {
  return message.startsWith('Authorization failed: user=');
}

/** The 401 that comes now and then although the token is good. */
export function isSporadic(message: string): boolean {
  return message.includes('no user authentication header');
}
