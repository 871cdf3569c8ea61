import type { ApiClient } from './client.ts';
import { ApiError } from './errors.ts';
import { pathOf, selectorsOf } from './resources.ts';
import type { Scope } from './resources.ts';

/** One page of a list. */
export interface Page {
  readonly items: readonly unknown[];
  /** The version of the whole list: what a watch resumes from. */
  readonly version: string;
}

/**
 * Lists a scope page by page, so that memory holds one page of whole objects. Throws {@link ApiError}; 410 means that
 * the continue token expired and the list must start again.
 */
export async function* listPages(
  client: ApiClient,
  scope: Scope,
  options: { readonly limit: number; readonly signal: AbortSignal },
): AsyncGenerator<Page, void, void> {
  let token = '';
  do {
    const query = {
      limit: String(options.limit),
      ...(token === '' ? {} : { continue: token }),
      ...selectorsOf(scope),
    };
    const page = readPage(await client.json({ path: pathOf(scope), query, signal: options.signal }));
    token = page.token;
    yield page;
  } while (token !== '');
}

function readPage(body: unknown): Page & { readonly token: string } {
  const { items, metadata } = (body ?? {}) as { items?: unknown; metadata?: Record<string, unknown> };
  const version = metadata?.['resourceVersion'];
  // A null list is how older servers print an empty one.
  const list = items === null ? [] : items;
  if (!Array.isArray(list) || typeof version !== 'string' || version === '') {
    throw new ApiError('the API server answered with something that is no list', { failure: 'protocol' });
  }
  const token = metadata?.['continue'];
  return { items: list, version, token: typeof token === 'string' ? token : '' };
}
