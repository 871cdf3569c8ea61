import type { ListedFault } from '../faults/faults.ts';
import type { LogEntry } from '../http/request-log.ts';
import { markup, type Html } from './markup.ts';
import type { Connections, MemberRow, PoolRow, Rows, VirtualRow, WideIpRow } from './model.ts';
import { pill, statusCell } from './status.ts';
import { body, cell, countNote, monoCell, nameCell, numberCell, table } from './tables.ts';

function connectionsCell({ curConns, totConns }: Connections): Html {
  return numberCell(`${curConns.toLocaleString('en-US')} / ${totConns.toLocaleString('en-US')}`);
}

function listensCell({ listener }: VirtualRow): Html {
  if (listener === undefined) {
    return markup`<td class="soft">not listening</td>`;
  }
  const { address = '', port, problem } = listener;
  if (problem !== undefined) {
    return markup`<td>${pill('warn', '▲', 'Not listening')}<span class="note">${problem}</span></td>`;
  }
  return monoCell(`${address.includes(':') ? `[${address}]` : address}:${port ?? ''}`);
}

function virtualBody(row: VirtualRow): Html {
  const { name, description, status, destination, protocol, pool, connections } = row;
  return body(
    markup`<tr>
      ${nameCell(name, description)}${statusCell(status)}${monoCell(destination)}${cell(protocol)}${listensCell(row)}${cell(pool)}${connectionsCell(connections)}
    </tr>`,
  );
}

/** Virtual servers. */
export function virtualSection({ rows, total }: Rows<VirtualRow>): Html {
  return table({
    id: 'virtual-servers',
    caption: 'Virtual servers',
    note: countNote(rows.length, total),
    columns: ['Name', 'Status', 'Destination', 'Protocol', 'Listens on', 'Pool', '#Connections now / all'],
    bodies: rows.map(virtualBody),
    empty: markup`None. <code>POST /mgmt/tm/ltm/virtual</code> makes one.`,
  });
}

function memberLine({ name, address, status, monitor, connections }: MemberRow): Html {
  return markup`<tr class="below">
    ${nameCell(name)}${statusCell(status)}${monoCell(address)}${cell(monitor === 'default' ? 'of the pool' : monitor)}
    <td></td>
    ${connectionsCell(connections)}
  </tr>`;
}

function poolBody({ name, description, status, monitor, mode, connections, members }: PoolRow): Html {
  return markup`<tbody>
    <tr>
      ${nameCell(name, description)}${statusCell(status)}
      <td></td>
      ${cell(monitor)}${cell(mode)}${connectionsCell(connections)}
    </tr>
    ${members.map(memberLine)}
  </tbody>`;
}

/** Pools with their members. */
export function poolSection({ rows, total }: Rows<PoolRow>): Html {
  return table({
    id: 'pools',
    caption: 'Pools and members',
    note: countNote(rows.length, total),
    columns: ['Name', 'Status', 'Address', 'Monitor', 'Load balancing', '#Connections now / all'],
    bodies: rows.map(poolBody),
    empty: markup`None. <code>POST /mgmt/tm/ltm/pool</code> makes one.`,
  });
}

/** Wide IPs. */
export function wideIpSection({ rows, total }: Rows<WideIpRow>): Html {
  const row = ({ name, type, enabled, mode, pools }: WideIpRow): Html => {
    const state = enabled ? pill('info', '■', 'Enabled') : pill('off', '■', 'Disabled');
    return body(
      markup`<tr>
        ${nameCell(name)}${cell(type)}
        <td>${state}</td>
        ${cell(mode)}${cell(pools)}
      </tr>`,
    );
  };
  return table({
    id: 'wide-ips',
    caption: 'Wide IPs',
    note: countNote(rows.length, total),
    columns: ['Name', 'Record', 'State', 'Load balancing', 'Pools'],
    bodies: rows.map(row),
    empty: 'None.',
  });
}

function faultBody({ id, fault, left }: ListedFault): Html {
  const { type, method, path, count: _left, ...more } = fault;
  const details = Object.entries(more).map(
    ([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const until = left === undefined ? 'until removed' : `${left} more`;
  return body(
    markup`<tr>
      <th scope="row">${pill('warn', '▲', type)}</th>
      <td class="mono path">${method ?? 'any method'} ${path ?? 'any path'}</td>
      ${cell(details.join(', '))}${cell(until)}${numberCell(String(id))}
    </tr>`,
  );
}

/** The faults that are on. */
export function faultSection(faults: readonly ListedFault[]): Html {
  return table({
    id: 'faults',
    caption: 'Faults now on',
    note: String(faults.length),
    columns: ['Fault', 'Requests', 'Details', 'Lasts', '#Number'],
    bodies: faults.map(faultBody),
    empty: markup`None. <code>POST /emulator/faults</code> sets one.`,
  });
}

function logBody({ time, method, path, query, status, user, ms }: LogEntry): Html {
  const at = new Date(time).toISOString();
  const shown =
    status === 0
      ? pill('bad', '◆', 'cut')
      : pill(status < 400 ? 'good' : status < 500 ? 'warn' : 'bad', status < 400 ? '●' : '▲', String(status));
  return body(
    markup`<tr>
      <td class="mono"><time datetime="${at}">${at.slice(11, 23)}</time></td>
      <td>${method}</td>
      <td class="mono path">${path}${query === '' ? '' : `?${query}`}</td>
      <td>${shown}</td>
      ${cell(user ?? '')}${numberCell(ms.toFixed(1))}
    </tr>`,
  );
}

/** The last requests, the newest first. Bodies are not shown. */
export function logSection(entries: readonly LogEntry[], total: number): Html {
  return table({
    id: 'requests',
    caption: 'Requests',
    note: total === 0 ? '0' : `the last ${entries.length} of ${total.toLocaleString('en-US')}; times are UTC`,
    columns: ['Time', 'Method', 'Path', 'Status', 'User', '#ms'],
    bodies: entries.map(logBody),
    empty: 'None yet.',
  });
}
