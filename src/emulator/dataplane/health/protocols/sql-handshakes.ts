import { converse, need } from '../converse.ts';
import type { Probe } from '../probe.ts';

/** TDS PRELOGIN (MS-TDS 2.2.6.5): version and encryption. */
const PRELOGIN = Buffer.from(
  ['1201001a00000100', '00000b0006', '0100110001', 'ff', '090000000000', '02'].join(''),
  'hex',
);

/** `mssql`: the server answers a PRELOGIN. There is no login: what follows is the server's own TLS within TDS. */
export const probeMssql: Probe = async (request) =>
  await converse(request, async (talk) => {
    await talk.send(PRELOGIN);
    const head = await talk.bytes(8);
    need(head[0] === 4 && head.readUInt16BE(2) > 8, 'no answer to PRELOGIN');
    return 'success';
  });

const PING = '(CONNECT_DATA=(COMMAND=ping))';

/** A TNS CONNECT packet with connect data. */
function connectPacket(data: string): Buffer {
  const head = Buffer.alloc(58);
  head.writeUInt16BE(head.length + data.length, 0);
  head.writeUInt8(1, 4);
  head.writeUInt16BE(0x0136, 8);
  head.writeUInt16BE(0x012c, 10);
  head.writeUInt16BE(0x0800, 14);
  head.writeUInt16BE(0x7fff, 16);
  head.writeUInt16BE(0x0100, 22);
  head.writeUInt16BE(data.length, 24);
  head.writeUInt16BE(head.length, 26);
  return Buffer.concat([head, Buffer.from(data)]);
}

/** `oracle`: the listener answers a ping (it "refuses" it with error 0, as to `tnsping`). There is no login. */
export const probeOracle: Probe = async (request) =>
  await converse(request, async (talk) => {
    await talk.send(connectPacket(PING));
    const head = await talk.bytes(8);
    const body = await talk.bytes(Math.max(0, head.readUInt16BE(0) - 8));
    const isPong = head[4] === 4 && body.includes('(ERR=0)');
    need(isPong || head[4] === 2, 'no answer of a listener');
    return 'success';
  });
