import { profileKind } from './profile-kind.ts';

/** FastHTTP profiles. No recording: names and defaults as in the tmsh reference, unchecked (K). */
export const fasthttpProfileKind = profileKind({
  name: 'fasthttp',
  type: 'FastHTTP Profile',
  root: 'fasthttp',
  defaults: {
    clientCloseTimeout: 5,
    connpoolIdleTimeoutOverride: 0,
    connpoolMaxReuse: 0,
    connpoolMaxSize: 2048,
    connpoolMinSize: 0,
    connpoolReplenish: 'enabled',
    connpoolStep: 4,
    forceHttp_10Response: 'disabled',
    hardwareSynCookie: 'disabled',
    headerInsert: 'none',
    http_11CloseWorkarounds: 'disabled',
    idleTimeout: 300,
    insertXforwardedFor: 'disabled',
    layer_7: 'enabled',
    maxHeaderSize: 32_768,
    maxRequests: 0,
    mssOverride: 0,
    receiveWindowSize: 0,
    resetOnTimeout: 'enabled',
    serverCloseTimeout: 5,
    serverSack: 'disabled',
    serverTimestamp: 'disabled',
    uncleanShutdown: 'disabled',
  },
});
