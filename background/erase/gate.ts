import type { World } from '../platform/world.ts';

/** The world of one composition of the services, until everything is erased. */
export interface Gate {
  readonly world: World;
  /** From now on nothing of this composition is stored or shown any more: its ports reject. */
  close(): void;
}

/** What services could bring back after everything was erased. */
const ports = ['local', 'session', 'mirror', 'keyStore', 'alarms', 'alerts', 'pages'] as const;

export function createGate(world: World): Gate {
  let isOpen = true;
  const gated = new Map<string, object>(
    ports.map((name) => [name, guarded(world[name], () => isOpen)]),
  );
  // Like the world itself, it gives what each member is when it is used.
  const members = Object.keys(world).map((name) => {
    const get = (): unknown => gated.get(name) ?? world[name as keyof World];
    return [name, { get, enumerable: true }] as const;
  });
  return {
    world: Object.defineProperties({}, Object.fromEntries(members)) as World,
    close: () => {
      isOpen = false;
    },
  };
}

type Method = (...args: unknown[]) => Promise<unknown>;

function guarded(port: object, isOpen: () => boolean): object {
  const methods = port as Readonly<Record<string, Method>>;
  const names = Object.keys(port).filter((name) => typeof methods[name] === 'function');
  return {
    ...port,
    ...Object.fromEntries(
      names.map((name) => [
        name,
        (...args: unknown[]) =>
          isOpen()
            ? methods[name]?.(...args)
            : Promise.reject(new DOMException('erased', 'InvalidStateError')),
      ]),
    ),
  };
}
