import { reference } from '../fields/references.ts';
import { word } from '../fields/scalars.ts';
import { fieldFor } from '../fields/from-defaults.ts';
import { defineKind } from '../kind.ts';
import { profileKind } from './profile-kind.ts';

const endpoint = { host: 'none', path: 'none', port: 'none', scheme: 'none' };

/** Which URIs of clients stand for which ones of servers (defaults K). */
const uriRuleKind = defineKind({
  path: 'ltm/profile/rewrite/uri-rules',
  type: 'Rewrite Profile URI Rule',
  naming: 'flat',
  fields: [
    fieldFor('client', endpoint),
    fieldFor('server', endpoint),
    word('type', ['both', 'request', 'response'], { default: 'both' }),
  ],
});

const rewritten = { insertXforwardedFor: 'true', insertXforwardedHost: 'false', insertXforwardedProto: 'false' };

/** Profiles that translate URIs, or serve a portal (defaults K). */
export const rewriteProfileKind = {
  ...profileKind({
    name: 'rewrite',
    type: 'Rewrite Profile',
    root: 'rewrite',
    defaults: {
      bypassList: [],
      clientCachingType: 'cache-img-css-js',
      locationSpecific: 'false',
      request: { ...rewritten, rewriteHeaders: 'true' },
      response: { rewriteContent: 'true', rewriteHeaders: 'true' },
      rewriteList: [],
      splitTunneling: 'false',
    },
    fields: [
      word('rewriteMode', ['portal', 'uri-translation']),
      reference('javaCaFile', { target: 'sys/file/ssl-cert' }, { default: '/Common/ca-bundle.crt' }),
    ],
    stock: [
      { name: 'rewrite-portal', values: { rewriteMode: 'portal' } },
      { name: 'rewrite-uri-translation', values: { rewriteMode: 'uri-translation' } },
    ],
  }),
  subs: [uriRuleKind],
};
