/** What an object without a creation time counts as: newer than all others. */
const NEWEST = '9999-12-31T23:59:59Z';

/** When an object was made, RFC 3339. */
export function sinceOf(record: { readonly creationTimestamp: string }): string {
  return record.creationTimestamp === '' ? NEWEST : record.creationTimestamp;
}
