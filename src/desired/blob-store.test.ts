import { describe, expect, it } from 'vitest';
import { createBlobStore } from './blob-store.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the store of contents', () => {
  it('names a content as the device prints it, and keeps it once', () => {
    const store = createBlobStore();
    const checksum = store.put(bytes('abc'));
    expect(checksum).toBe('SHA1:3:a9993e364706816aba3e25717850c26c9cd0d89d');
    expect(store.put(bytes('abc'))).toBe(checksum);
    expect(store.get(checksum)).toEqual(bytes('abc'));
    expect(store.get('SHA1:3:0')).toBeUndefined();
  });

  it('lets go of what was longest not asked for when there is no more room', () => {
    const store = createBlobStore(6);
    const [a, b] = [store.put(bytes('aaa')), store.put(bytes('bbb'))];
    store.get(a);
    const c = store.put(bytes('ccc'));
    expect([a, b, c].map((checksum) => store.get(checksum) !== undefined)).toEqual([true, false, true]);
    const large = store.put(bytes('much too large'));
    expect(store.get(large)).toBeDefined();
    expect(store.get(a)).toBeUndefined();
  });
});
