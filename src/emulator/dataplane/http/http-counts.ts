import type { ProfileCounts } from '../profile-counts.ts';
import type { ProfileConfig } from '../model.ts';
import type { RequestHead, ResponseHead } from './head.ts';

/** The buckets that answers are counted in, by the most bytes of a body. */
const BUCKETS: readonly (readonly [most: number, name: string])[] = [
  [1024, 'respBucket_1k'],
  [4096, 'respBucket_4k'],
  [16_384, 'respBucket_16k'],
  [32_768, 'respBucket_32k'],
  [65_536, 'respBucket_64k'],
  [131_072, 'respBucket_128k'],
  [524_288, 'respBucket_512k'],
  [2_097_152, 'respBucket_2m'],
  [Infinity, 'respBucketLarge'],
];

const METHODS: Readonly<Record<string, string>> = { GET: 'getReqs', POST: 'postReqs', CONNECT: 'proxyConnReqs' };

/** The statistics of an http profile, for one client connection. */
export class HttpCounts {
  readonly #counts: ProfileCounts;
  readonly #profile: ProfileConfig | undefined;
  #requests = 0;

  constructor(counts: ProfileCounts, profile: ProfileConfig | undefined) {
    this.#counts = counts;
    this.#profile = profile;
  }

  request({ method, minor }: RequestHead): void {
    this.#requests += 1;
    this.#add('numberReqs');
    this.#add(minor === 1 ? 'v11Reqs' : 'v10Reqs');
    const name = METHODS[method];
    if (name !== undefined) this.#add(name);
    this.#counts.raise(this.#profile, 'maxKeepaliveReq', this.#requests);
  }

  response({ status, minor }: ResponseHead): void {
    this.#add(minor === 1 ? 'v11Resp' : 'v10Resp');
    if (status === 101) this.#add('passthroughWebSockets');
    else this.#add(`resp_${Math.floor(status / 100)}xxCnt`);
  }

  /** A body of so many bytes went to the client. */
  body(bytes: number): void {
    const bucket = BUCKETS.find(([most]) => bytes <= most);
    if (bucket !== undefined) this.#add(bucket[1]);
  }

  cookieInserted(): void {
    this.#add('cookiePersistInserts');
  }

  #add(name: string): void {
    this.#counts.add(this.#profile, name);
  }
}

const TYPES: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^text\/html|xhtml/i, 'html'],
  [/^text\/css/i, 'css'],
  [/javascript/i, 'js'],
  [/xml/i, 'xml'],
  [/sgml/i, 'sgml'],
  [/^text\/plain/i, 'plain'],
  [/octet-stream/i, 'octet'],
  [/^image\//i, 'image'],
  [/^video\//i, 'video'],
  [/^audio\//i, 'audio'],
];

/** An answer that an http-compression profile compressed: in all, and by its type (names K). */
export function countCompressed(
  counts: ProfileCounts,
  profile: ProfileConfig | undefined,
  { type, before, after }: { readonly type: string; readonly before: number; readonly after: number },
): void {
  const name = TYPES.find(([pattern]) => pattern.test(type))?.[1] ?? 'other';
  counts.add(profile, 'preCompressBytes', before);
  counts.add(profile, 'postCompressBytes', after);
  counts.add(profile, `${name}PreCompressBytes`, before);
  counts.add(profile, `${name}PostCompressBytes`, after);
}
