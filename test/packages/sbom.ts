import { createHash } from 'node:crypto';
import project from '../../package.json' with { type: 'json' };
import { runStep } from '../tools/step.ts';

interface Component {
  readonly scope?: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
  readonly [member: string]: unknown;
}

interface Bom {
  readonly metadata: { readonly component: Component; readonly [member: string]: unknown };
  readonly components: readonly Component[];
  readonly [member: string]: unknown;
}

const isTool = ({ properties = [] }: Component): boolean =>
  properties.some(({ name }) => name === 'cdx:npm:package:development');

/**
 * The bill of materials that `npm sbom` wrote, the same for the same lockfile and npm: without the time, named after the project (npm takes
 * the folder's name), its serial number made from its content. What is a tool is `excluded`, in the format's words for what is not shipped.
 */
export function settledBom(text: string): string {
  const { serialNumber: _serial, ...bom } = JSON.parse(text) as Bom;
  const { timestamp: _time, ...metadata } = bom.metadata;
  const settled = {
    ...bom,
    metadata: { ...metadata, component: { ...metadata.component, name: project.name } },
    components: bom.components.map((one) => (isTool(one) ? { ...one, scope: 'excluded' } : one)),
  };
  const hash = createHash('sha256').update(JSON.stringify(settled)).digest('hex');
  const uuid = hash.replace(
    /^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/u,
    (_all, a: string, b: string, c: string, d: string, e: string) => `${a}-${b}-8${c}-8${d}-${e}`,
  );
  return `${JSON.stringify({ ...settled, serialNumber: `urn:uuid:${uuid}` }, null, 2)}\n`;
}

/** The bill of materials of the lockfile, in CycloneDX. */
export async function makeBom(): Promise<string> {
  const { isOk, output } = await runStep({
    name: 'npm sbom',
    command: 'npm',
    args: [
      'sbom',
      '--sbom-format=cyclonedx',
      '--sbom-type=application',
      '--package-lock-only',
      '--offline',
    ],
  });
  if (!isOk) throw new Error(`npm sbom failed:\n${output}`);
  return settledBom(output.slice(output.indexOf('{')));
}
