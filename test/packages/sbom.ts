import { createHash } from 'node:crypto';
import project from '../../package.json' with { type: 'json' };
import { runStep } from '../tools/step.ts';

interface Component {
  readonly name: string;
  readonly version: string;
  readonly [member: string]: unknown;
}

interface Bom {
  readonly metadata: { readonly component: Component; readonly [member: string]: unknown };
  readonly components: readonly Component[];
  readonly [member: string]: unknown;
}

/**
 * The bill of materials that `npm sbom` wrote, the same for the same lockfile and npm: without the time, named after the project (npm takes
 * the folder's name), its serial number made from its content. What the build contains is `required`, all else `excluded`, in the format's words; npm's own scopes
 * tell what is installed.
 * @param contained each as `name@version`
 */
export function settledBom(text: string, contained: ReadonlySet<string>): string {
  const { serialNumber: _serial, ...bom } = JSON.parse(text) as Bom;
  const { timestamp: _time, ...metadata } = bom.metadata;
  const settled = {
    ...bom,
    metadata: { ...metadata, component: { ...metadata.component, name: project.name } },
    components: bom.components.map((one) => ({
      ...one,
      scope: contained.has(`${one.name}@${one.version}`) ? 'required' : 'excluded',
    })),
  };
  const hash = createHash('sha256').update(JSON.stringify(settled)).digest('hex');
  const uuid = hash.replace(
    /^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/u,
    (_all, a: string, b: string, c: string, d: string, e: string) => `${a}-${b}-8${c}-8${d}-${e}`,
  );
  return `${JSON.stringify({ ...settled, serialNumber: `urn:uuid:${uuid}` }, null, 2)}\n`;
}

/** The bill of materials of the lockfile, in CycloneDX. @param contained what the build contains, each as `name@version` */
export async function makeBom(contained: ReadonlySet<string>): Promise<string> {
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
  return settledBom(output.slice(output.indexOf('{')), contained);
}
