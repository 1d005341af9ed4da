import type { SignatureMethod } from './provider-type.ts';

/** What an administrator pastes into an application link, in the order of the link's form. */
export const consumerInfoFields = [
  'consumerKey',
  'consumerName',
  'publicKey',
  'callbackUrl',
  'description',
] as const;
/** See {@link consumerInfoFields}. The label of each is under the message key `consumer_info_<name>`. */
export type ConsumerInfoField = (typeof consumerInfoFields)[number];

/** A consumer as its administrator has to know it. */
export interface ConsumerDescription {
  readonly name: string;
  readonly consumerKey: string;
  readonly description: string;
  readonly signatureMethod: SignatureMethod;
  /** Absent for HMAC-SHA1, which has a shared secret in its place. */
  readonly publicKeyPem?: string;
  readonly callbackUrl: string;
}

/** One line of *Consumer info*: what it is and what *Copy* copies. */
export interface ConsumerInfoLine {
  readonly field: ConsumerInfoField;
  readonly value: string;
}

/** *Consumer info*: every value that has to be pasted; an empty one is left out. Holds no secret. */
export function consumerInfo(consumer: ConsumerDescription): ConsumerInfoLine[] {
  const values: Readonly<Record<ConsumerInfoField, string>> = {
    consumerKey: consumer.consumerKey,
    consumerName: consumer.name,
    publicKey: consumer.signatureMethod === 'RSA-SHA1' ? (consumer.publicKeyPem ?? '') : '',
    callbackUrl: consumer.callbackUrl,
    description: consumer.description,
  };
  return consumerInfoFields
    .map((field) => ({ field, value: values[field] }))
    .filter(({ value }) => value !== '');
}
