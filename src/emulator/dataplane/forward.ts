/** Where a rule or a policy sends a connection or request. */
export type Forward =
  | {
      readonly to: 'pool';
      readonly pool: string;
      /** The member (full path) that it goes to while that one takes connections. */
      readonly member?: string;
    }
  /** One node; port 0 is that of the virtual server. */
  | { readonly to: 'node'; readonly address: string; readonly port: number }
  /** Another virtual server of the same device. */
  | { readonly to: 'virtual'; readonly virtual: string };
