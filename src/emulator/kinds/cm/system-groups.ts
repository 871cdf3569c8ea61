/** Device groups that a box has by itself, all of type `sync-only` (fact sheet 8.0). */
export const systemGroups: readonly string[] = ['device_trust_group', 'gtm', 'datasync-global-dg'];
