import { cp, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Document } from 'yaml';

/** One pod port that the sample cluster's EndpointSlices name. */
export interface PodPort {
  readonly address: string;
  readonly port: number;
  readonly protocol: string;
  readonly service: string;
}

/** Where the manifests are that ship with Fairlead, compiled or not. */
const EXAMPLES = path.resolve(import.meta.dirname, '../../../examples/demo');

/** The sample cluster as manifests in a folder of its own, and changes to it as a person would make them. */
export class SampleCluster {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Copies the examples into the folder. */
  async write(): Promise<void> {
    await cp(EXAMPLES, this.folder, { recursive: true });
  }

  /** All pod ports, as the EndpointSlices name them. */
  async podPorts(): Promise<readonly PodPort[]> {
    const found: PodPort[] = [];
    for (const document of (await this.#documents()).flatMap(({ documents }) => documents)) {
      const slice = document.toJS() as Slice | null;
      if (slice?.kind !== 'EndpointSlice') continue;
      const service = slice.metadata.labels?.['kubernetes.io/service-name'] ?? '';
      for (const { port, protocol = 'TCP' } of slice.ports) {
        for (const address of slice.endpoints.flatMap(({ addresses }) => addresses)) {
          found.push({ address, port, protocol, service: `${slice.metadata.namespace}/${service}` });
        }
      }
    }
    return found;
  }

  /** A pod comes to a Service: one more endpoint in its first EndpointSlice. */
  async addPod(service: string, address: string): Promise<void> {
    await this.#change('EndpointSlice', service, (document) => {
      document.addIn(['endpoints'], document.createNode({ addresses: [address], conditions: { ready: true } }));
    });
  }

  /** Sets an annotation of a Service, or (undefined) takes it away. */
  async annotate(service: string, name: string, value: string | undefined): Promise<void> {
    await this.#change('Service', service, (document) => {
      if (value === undefined) document.deleteIn(['metadata', 'annotations', name]);
      else document.setIn(['metadata', 'annotations', name], value);
    });
  }

  async #change(kind: string, service: string, edit: (document: Document) => void): Promise<void> {
    for (const { file, documents } of await this.#documents()) {
      const document = documents.find((one) => isAbout(one.toJS() as Slice | null, kind, service));
      if (document === undefined) continue;
      edit(document);
      // Written beside and renamed, as editors and kubectl-like tools do: nobody sees half a file.
      await writeFile(`${file}.new`, documents.map((one) => one.toString()).join('---\n'));
      await rename(`${file}.new`, file);
      return;
    }
    throw new Error(`the sample cluster has no ${kind} of ${service} in ${this.folder}`);
  }

  async #documents(): Promise<readonly { readonly file: string; readonly documents: Document[] }[]> {
    const names = (await readdir(this.folder)).filter((name) => name.endsWith('.yaml')).sort();
    return Promise.all(
      names.map(async (name) => {
        const file = path.join(this.folder, name);
        return { file, documents: [...parseAllDocuments(await readFile(file, 'utf8'))] as Document[] };
      }),
    );
  }
}

interface Slice {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string> };
  readonly ports: readonly { readonly port: number; readonly protocol?: string }[];
  readonly endpoints: readonly { readonly addresses: readonly string[] }[];
}

function isAbout(object: Slice | null, kind: string, service: string): boolean {
  if (object?.kind !== kind) return false;
  const name = kind === 'Service' ? object.metadata.name : object.metadata.labels?.['kubernetes.io/service-name'];
  return `${object.metadata.namespace}/${name}` === service;
}
