import type { TestWorld } from '../test-world.ts';

/** Changes of a token response on its way back: its members, or its content type. */
export interface Tampering {
  readonly members?: Readonly<Record<string, unknown>>;
  readonly contentType?: string;
}

/** Changes the next token response, after the server acted. */
export function tamperOnce(world: TestWorld, tampering: Tampering): void {
  const { fetch } = world;
  let isDone = false;
  Object.assign(world, {
    fetch: async (url: string, init: RequestInit): Promise<Response> => {
      const answer = await fetch(url, init);
      if (isDone || !url.endsWith('/oauth/token')) return answer;
      isDone = true;
      const body = { ...((await answer.json()) as object), ...tampering.members };
      const type = tampering.contentType ?? 'application/json';
      const text = JSON.stringify(body);
      return new Response(text, { status: answer.status, headers: { 'content-type': type } });
    },
  });
}
