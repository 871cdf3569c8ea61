import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';
import type { Builder } from './builders.ts';
import { description, value, type Stats } from './entries.ts';
import type { StatsSource } from './stats-source.ts';

/** Names of statistics, in the device's order; `tmName`, `typeId` and `vsName` are words. */
function listed(text: string): readonly string[] {
  return text.trim().split(/\s+/v);
}

/** As recorded on 14.1. */
const http = listed(`
  cookiePersistInserts getReqs maxKeepaliveReq tmName numberReqs passthroughConnect
  passthroughExcessClientHeaders passthroughExcessServerHeaders passthroughHeaders passthroughIrule
  passthroughOversizeClientHeaders passthroughOversizeServerHeaders passthroughPipeline
  passthroughUnknownMethod passthroughWebSockets postReqs proxyConnReqs proxyReqs resp_2xxCnt
  resp_3xxCnt resp_4xxCnt resp_5xxCnt respBucket_128k respBucket_16k respBucket_1k respBucket_2m
  respBucket_32k respBucket_4k respBucket_512k respBucket_64k respBucketLarge typeId v10Reqs v10Resp
  v11Reqs v11Resp v9Reqs v9Resp vsName
`);

/** As recorded on 14.1. */
const clientSsl = listed(`
  common.activeHandshakeRejected common.aggregateRenegotiationsRejected common.badRecords
  common.c3dUses.conns common.cipherUses.adhKeyxchg common.cipherUses.aesBulk
  common.cipherUses.aesGcmBulk common.cipherUses.camelliaBulk common.cipherUses.chacha20Poly1305Bulk
  common.cipherUses.desBulk common.cipherUses.dhRsaKeyxchg common.cipherUses.dheDssKeyxchg
  common.cipherUses.ecdhEcdsaKeyxchg common.cipherUses.ecdhRsaKeyxchg
  common.cipherUses.ecdheEcdsaKeyxchg common.cipherUses.ecdheRsaKeyxchg
  common.cipherUses.edhRsaKeyxchg common.cipherUses.ideaBulk common.cipherUses.md5Digest
  common.cipherUses.nullBulk common.cipherUses.nullDigest common.cipherUses.rc2Bulk
  common.cipherUses.rc4Bulk common.cipherUses.rsaKeyxchg common.cipherUses.shaDigest
  common.connectionMirroring.haCtxRecv common.connectionMirroring.haCtxSent
  common.connectionMirroring.haFailure common.connectionMirroring.haHsSuccess
  common.connectionMirroring.haPeerReady common.connectionMirroring.haTimeout common.curCompatConns
  common.curConns common.curNativeConns common.currentActiveHandshakes common.decryptedBytesIn
  common.decryptedBytesOut common.dtlsTxPushbacks common.encryptedBytesIn common.encryptedBytesOut
  common.extendedMasterSecrets common.fatalAlerts common.fullyHwAcceleratedConns
  common.fwdpUses.alertBypasses common.fwdpUses.cachedCerts common.fwdpUses.clicertFailBypasses
  common.fwdpUses.conns common.fwdpUses.dipBypasses common.fwdpUses.enforceResumeFailures
  common.fwdpUses.hnBypasses common.fwdpUses.sipBypasses common.fwdpUses.transparentResumeCnt
  common.fwdpUses.verifiedHsCnt common.handshakeFailures common.insecureHandshakeAccepts
  common.insecureHandshakeRejects common.insecureRenegotiationRejects common.maxCompatConns
  common.maxConns common.maxNativeConns common.midstreamRenegotiations common.nonHwAcceleratedConns
  common.ocspFwdpClientssl.cachedResp common.ocspFwdpClientssl.certStatusReq
  common.ocspFwdpClientssl.invalidCertResp common.ocspFwdpClientssl.respstatusErrResp
  common.ocspFwdpClientssl.revokedResp common.ocspFwdpClientssl.stapledResp
  common.ocspFwdpClientssl.unknownResp common.partiallyHwAcceleratedConns common.peercertInvalid
  common.peercertNone common.peercertValid common.prematureDisconnects common.protocolUses.dtlsv1
  common.protocolUses.sslv2 common.protocolUses.sslv3 common.protocolUses.tlsv1
  common.protocolUses.tlsv1_1 common.protocolUses.tlsv1_2 common.protocolUses.tlsv1_3 common.recordsIn
  common.recordsOut common.renegotiationsRejected common.secureHandshakes common.sessCacheCurEntries
  common.sessCacheHits common.sessCacheInvalidations common.sessCacheLookups common.sessCacheOverflows
  common.sessionMirroring.failure common.sessionMirroring.success common.sesstickUses.reuseFailed
  common.sesstickUses.reused common.sniRejects common.totCompatConns common.totNativeConns
  dynamicRecord.x1 dynamicRecord.x10 dynamicRecord.x11 dynamicRecord.x12 dynamicRecord.x13
  dynamicRecord.x14 dynamicRecord.x15 dynamicRecord.x16 dynamicRecord.x2 dynamicRecord.x3
  dynamicRecord.x4 dynamicRecord.x5 dynamicRecord.x6 dynamicRecord.x7 dynamicRecord.x8
  dynamicRecord.x9 tmName total typeId vsName
`);

/** As recorded on 14.1. */
const serverSsl = listed(`
  common.activeHandshakeRejected common.badRecords common.c3dUses.conns common.cipherUses.adhKeyxchg
  common.cipherUses.aesBulk common.cipherUses.aesGcmBulk common.cipherUses.camelliaBulk
  common.cipherUses.chacha20Poly1305Bulk common.cipherUses.desBulk common.cipherUses.dhRsaKeyxchg
  common.cipherUses.dheDssKeyxchg common.cipherUses.ecdhEcdsaKeyxchg common.cipherUses.ecdhRsaKeyxchg
  common.cipherUses.ecdheEcdsaKeyxchg common.cipherUses.ecdheRsaKeyxchg
  common.cipherUses.edhRsaKeyxchg common.cipherUses.ideaBulk common.cipherUses.md5Digest
  common.cipherUses.nullBulk common.cipherUses.nullDigest common.cipherUses.rc2Bulk
  common.cipherUses.rc4Bulk common.cipherUses.rsaKeyxchg common.cipherUses.shaDigest
  common.connectionMirroring.haCtxRecv common.connectionMirroring.haCtxSent
  common.connectionMirroring.haFailure common.connectionMirroring.haHsSuccess
  common.connectionMirroring.haPeerReady common.connectionMirroring.haTimeout common.curCompatConns
  common.curConns common.curNativeConns common.currentActiveHandshakes common.decryptedBytesIn
  common.decryptedBytesOut common.dtlsTxPushbacks common.encryptedBytesIn common.encryptedBytesOut
  common.extendedMasterSecrets common.fatalAlerts common.fullyHwAcceleratedConns common.fwdpUses.conns
  common.fwdpUses.enforceResumeFailures common.fwdpUses.transparentResumeCnt common.handshakeFailures
  common.insecureHandshakeAccepts common.insecureHandshakeRejects common.insecureRenegotiationRejects
  common.maxCompatConns common.maxConns common.maxNativeConns common.midstreamRenegotiations
  common.nonHwAcceleratedConns common.ocspServerssl.cachedResp common.ocspServerssl.certStatusRevoked
  common.ocspServerssl.certStatusUnknown common.ocspServerssl.responderQueries
  common.ocspServerssl.responseErrors common.ocspServerssl.stapledResp
  common.partiallyHwAcceleratedConns common.peercertInvalid common.peercertNone common.peercertValid
  common.prematureDisconnects common.protocolUses.dtlsv1 common.protocolUses.sslv2
  common.protocolUses.sslv3 common.protocolUses.tlsv1 common.protocolUses.tlsv1_1
  common.protocolUses.tlsv1_2 common.protocolUses.tlsv1_3 common.recordsIn common.recordsOut
  common.secureHandshakes common.sessCacheCurEntries common.sessCacheHits
  common.sessCacheInvalidations common.sessCacheLookups common.sessCacheOverflows
  common.sessionMirroring.failure common.sessionMirroring.success common.sesstickUses.reuseFailed
  common.sesstickUses.reused common.totCompatConns common.totNativeConns tmName typeId vsName
`);

/** Nothing recorded: after the device's MIB (K). */
const tcp = listed(`
  abandons acceptfails accepts closeWait connects connfails expires finWait tmName open rxbadcookie rxbadseg rxbadsum
  rxcookie rxooseg rxrst syncacheover timeWait txrexmits typeId vsName
`);

/** Nothing recorded: after the device's MIB (K). */
const httpCompression = listed(`
  audioPostCompressBytes audioPreCompressBytes cssPostCompressBytes cssPreCompressBytes htmlPostCompressBytes
  htmlPreCompressBytes imagePostCompressBytes imagePreCompressBytes jsPostCompressBytes jsPreCompressBytes tmName
  nullCompressBytes octetPostCompressBytes octetPreCompressBytes otherPostCompressBytes otherPreCompressBytes
  plainPostCompressBytes plainPreCompressBytes postCompressBytes preCompressBytes sgmlPostCompressBytes
  sgmlPreCompressBytes typeId videoPostCompressBytes videoPreCompressBytes vsName xmlPostCompressBytes
  xmlPreCompressBytes
`);

/** Statistics of a profile: what the data plane counted, over all virtual servers, under the names that the device has. */
function profileStats(names: readonly string[]): Builder {
  return (profile: ConfigObject, _device: Device, source: StatsSource): Stats => {
    const words: Readonly<Record<string, string>> = {
      tmName: profile.fullPath,
      typeId: profile.kind.path.replaceAll('/', ' '),
      vsName: 'N/A',
    };
    const counts = source.profile(profile.fullPath);
    return Object.fromEntries(
      names.map((name) => {
        const word = words[name];
        return [name, word === undefined ? value(counts?.get(name) ?? 0) : description(word)];
      }),
    );
  };
}

/** Statistics of profiles by the path of the collection; the others have none yet. */
export const profileBuilders: readonly (readonly [path: string, builder: Builder])[] = [
  ['ltm/profile/http', profileStats(http)],
  ['ltm/profile/client-ssl', profileStats(clientSsl)],
  ['ltm/profile/server-ssl', profileStats(serverSsl)],
  ['ltm/profile/tcp', profileStats(tcp)],
  ['ltm/profile/http-compression', profileStats(httpCompression)],
];
