import * as v from 'valibot';
import { wireVersion, type Envelope, type NumberedEnvelope } from './envelope.ts';

/** Maximum length of a command's name. */
const maxNameLength = 64;

const EnvelopeSchema = v.object({
  v: v.literal(wireVersion),
  name: v.pipe(v.string(), v.maxLength(maxNameLength)),
  body: v.unknown(),
});

const NumberedEnvelopeSchema = v.object({
  ...EnvelopeSchema.entries,
  id: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

/** The envelope in a message; undefined when the message is not Threelo's. */
export function readEnvelope(message: unknown): Envelope | undefined {
  const parsed = v.safeParse(EnvelopeSchema, message);
  return parsed.success ? { ...parsed.output, body: parsed.output.body } : undefined;
}

/** The envelope in a message over a port; undefined when the message is not Threelo's. */
export function readNumberedEnvelope(message: unknown): NumberedEnvelope | undefined {
  const parsed = v.safeParse(NumberedEnvelopeSchema, message);
  return parsed.success ? { ...parsed.output, body: parsed.output.body } : undefined;
}
