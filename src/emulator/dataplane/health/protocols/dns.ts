import { randomInt } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { nameBytes, readName } from '../../../dns/codec/name.ts';
import { recordTypes } from '../../../dns/codec/records.ts';
import { textSetting } from '../../settings.ts';
import { askByDatagram } from '../datagram.ts';
import type { MonitorConfig } from '../../model.ts';
import type { Probe, ProbeResult } from '../probe.ts';

interface Answer {
  readonly rcode: number;
  /** Records of the answer section, with their addresses where they are some. */
  readonly records: readonly { readonly type: number; readonly address: string | undefined }[];
}

function question(id: number, name: string, type: number): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(id, 0);
  head.writeUInt16BE(0x0100, 2);
  head.writeUInt16BE(1, 4);
  const tail = Buffer.alloc(4);
  tail.writeUInt16BE(type, 0);
  tail.writeUInt16BE(1, 2);
  return Buffer.concat([head, nameBytes(name.replace(/\.$/, ''), head.length), tail]);
}

/** Reads an answer to the question with this id; undefined for others. Throws on what is no DNS message. */
function readAnswer(message: Buffer, id: number): Answer | undefined {
  if (message.readUInt16BE(0) !== id || (message.readUInt8(2) & 0x80) === 0) return undefined;
  let at = 12;
  for (let left = message.readUInt16BE(4); left > 0; left -= 1) at = readName(message, at).end + 4;
  const records: { type: number; address: string | undefined }[] = [];
  for (let left = message.readUInt16BE(6); left > 0; left -= 1) {
    at = readName(message, at).end;
    const type = message.readUInt16BE(at);
    const length = message.readUInt16BE(at + 8);
    const data = message.subarray(at + 10, at + 10 + length);
    const isAddress = (type === recordTypes.A && length === 4) || (type === recordTypes.AAAA && length === 16);
    records.push({ type, address: isAddress ? ipaddr.fromByteArray([...data]).toString() : undefined });
    at += 10 + length;
  }
  return { rcode: message.readUInt8(3) & 0x0f, records };
}

/** `acceptRcode`, `answerContains`, then `recv`: an address that must be in the answer. `reverse` turns the last one round. */
function judge({ rcode, records }: Answer, type: number, monitor: MonitorConfig): ProbeResult {
  const { settings, recv, reverse } = monitor;
  if (textSetting(settings, 'acceptRcode') !== 'anything' && rcode !== 0) return 'failure';
  const contains = textSetting(settings, 'answerContains') ?? 'query-type';
  if (contains === 'query-type' && !records.some((one) => one.type === type)) return 'failure';
  if (contains === 'any-type' && records.length === 0) return 'failure';
  if (recv === undefined || recv === '' || recv === 'none') return 'success';
  const wanted = ipaddr.isValid(recv) ? ipaddr.parse(recv).toString() : recv;
  return records.some((one) => one.address === wanted) === (reverse !== true) ? 'success' : 'failure';
}

/** `dns`: asks for `qname` by UDP. */
export const probeDns: Probe = async (request) => {
  const { settings } = request.monitor;
  const type = textSetting(settings, 'qtype') === 'aaaa' ? recordTypes.AAAA : recordTypes.A;
  const id = randomInt(0x1_0000);
  const asked = question(id, textSetting(settings, 'qname') ?? '', type);
  return await askByDatagram(request, asked, (message) => {
    const answer = readAnswer(message, id);
    return answer === undefined ? undefined : judge(answer, type, request.monitor);
  });
};
