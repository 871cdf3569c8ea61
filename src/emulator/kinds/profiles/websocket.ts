import { profileKind } from './profile-kind.ts';

/** WebSocket profiles. No recording: names and defaults as in the tmsh reference, unchecked (K). */
export const websocketProfileKind = profileKind({
  name: 'websocket',
  type: 'Websocket Profile',
  root: 'websocket',
  defaults: {
    compressMode: 'preserved',
    compression: 'enabled',
    maskingMode: 'selective',
    noDelay: 'enabled',
    windowBits: 10,
  },
});
