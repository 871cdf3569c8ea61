import { STATUS_CODES } from 'node:http';
import { forServer } from '../http/compression.ts';
import type { Flow } from '../../irules/flow.ts';
import { bytesOf } from '../../irules/payload-commands.ts';
import { BodyReader, framed } from '../http/body.ts';
import type { Passage } from '../http/body.ts';
import { requestBody } from '../http/framing.ts';
import { headEnd, HttpError, parseRequest, withHeader, withoutHeader } from '../http/head.ts';
import type { HeadLimits, RequestHead, ResponseHead } from '../http/head.ts';
import { rewriteRedirect } from '../http/redirect-rewrite.ts';
import type { OwnReply } from '../http/replies.ts';
import { hashSetBy, withCookie } from '../persistence/cookie.ts';
import { recordKey } from '../persistence/records.ts';
import type { Effects } from '../policy/effects.ts';
import type { ProfileConfig } from '../model.ts';
import type { Member } from '../pool.ts';
import { remember } from '../selection.ts';
import { isEnabled, textSetting } from '../settings.ts';
import type { Settings } from '../settings.ts';
import type { ClientConnection } from './client-connection.ts';
import type { Wire } from './wire.ts';

/** Settings of the http profile, and the http-compression profile. */
interface Profiles {
  readonly settings: Settings | undefined;
  readonly compression: ProfileConfig | undefined;
}

/**
 * A request as the server sees it. `X-Forwarded-For` is a line of its own, after those that came.
 */
export function asSent(
  request: RequestHead,
  { client }: ClientConnection,
  { settings, compression }: Profiles,
): RequestHead {
  const erased = textSetting(settings, 'headerErase');
  const inserted = /^([^:\s]+): ?(.*)$/.exec(textSetting(settings, 'headerInsert') ?? '');
  const asked = forServer(compression?.settings, request);
  let head = erased === undefined ? asked : withoutHeader(asked, erased);
  if (inserted !== null) head = withHeader(head, inserted[1] ?? '', inserted[2] ?? '');
  return isEnabled(settings, 'insertXforwardedFor') ? withHeader(head, 'X-Forwarded-For', client) : head;
}

/** What a response answers, and whose it is. */
interface Given {
  readonly settings: Settings | undefined;
  readonly request: RequestHead;
  readonly member: Member;
  /** The member that the client's cookie named. */
  readonly known: string | undefined;
}

/** A response as the client sees it, and whether it has a persistence cookie. What the server set is remembered. */
export function asShown(
  response: ResponseHead,
  connection: ClientConnection,
  { settings, request, member, known }: Given,
): { readonly head: ResponseHead; readonly hasCookie: boolean } {
  const virtual = connection.effective();
  const head = rewriteRedirect(response, request, { settings, virtual });
  learn(member, response, connection);
  const shown = withCookie(head, virtual, { member, known, now: Date.now() });
  return { head: shown, hasCookie: shown !== head };
}

/** The server's own cookie, that the next request will be known by (method `hash`). */
function learn(member: Member, response: ResponseHead, connection: ClientConnection): void {
  const virtual = connection.effective();
  const { persistence } = virtual;
  const value = hashSetBy(response, virtual);
  if (persistence === undefined || value === undefined) return;
  const record = recordKey(persistence, virtual, { pool: member.pool.config.fullPath, value });
  remember(member, record, connection.seeker({}));
}

/**
 * The request of `HTTP::retry`: a head, and what follows it as its body.
 * @throws {HttpError} if it is none.
 */
export function readRetry(
  { retry = '' }: Flow,
  wire: Wire,
  limits: HeadLimits,
): { readonly head: RequestHead; readonly passage: Passage | undefined } {
  const bytes = bytesOf(retry);
  const end = headEnd(bytes, limits);
  if (end === undefined) throw new HttpError('a request to retry that has no end');
  const head = withoutHeader(parseRequest(bytes.subarray(0, end), limits), 'expect');
  const payload = bytes.subarray(end);
  const isEmpty = payload.length === 0 && requestBody(head).type === 'none';
  const passage = { payload, replaced: 0, reader: new BodyReader(wire, { type: 'none' }) };
  return isEmpty ? { head, passage: undefined } : { head: framed(head, passage), passage };
}

type Redirect = NonNullable<Effects<unknown>['redirect']>;

/** The answer that a redirect is. */
export function redirectTo({ location, code }: Redirect): OwnReply {
  return { status: code, headers: [['Location', location]] };
}

/** A server's answer made a redirect by a policy: its status and place change, the rest of it still comes (K). */
export function withLocation(head: ResponseHead, { location, code }: Redirect): ResponseHead {
  const bare = withoutHeader(head, 'location');
  const startLine = `HTTP/1.${head.minor} ${code} ${STATUS_CODES[code] ?? 'Found'}`;
  return withHeader({ ...bare, status: code, startLine }, 'Location', location);
}
