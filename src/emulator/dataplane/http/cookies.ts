import { headerValues } from './head.ts';
import type { RequestHead } from './head.ts';

/** All values of a cookie of a request. */
export function cookieValues(request: RequestHead, name: string): readonly string[] {
  const pairs = headerValues(request, 'cookie').flatMap((line) => line.split(';'));
  return pairs.flatMap((pair) => {
    const cut = pair.indexOf('=');
    return cut >= 0 && pair.slice(0, cut).trim() === name ? [pair.slice(cut + 1).trim()] : [];
  });
}
