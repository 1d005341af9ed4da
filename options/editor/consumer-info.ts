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
  /** Whether it signs with RSA-SHA1; else it has a shared secret in the place of a public key. */
  readonly isRsa: boolean;
  /** Empty until there is one. */
  readonly publicKeyPem: string;
  readonly callbackUrl: string;
}

/** One line of *Consumer info*: what it is and what *Copy* copies; empty until it is known. */
export interface ConsumerInfoLine {
  readonly field: ConsumerInfoField;
  readonly value: string;
}

/** *Consumer info*: every value that has to be pasted. A description is left out when there is none. Holds no secret. */
export function consumerInfo(consumer: ConsumerDescription): ConsumerInfoLine[] {
  const values: Readonly<Record<ConsumerInfoField, string | undefined>> = {
    consumerKey: consumer.consumerKey,
    consumerName: consumer.name,
    publicKey: consumer.isRsa ? consumer.publicKeyPem : undefined,
    callbackUrl: consumer.callbackUrl,
    description: consumer.description === '' ? undefined : consumer.description,
  };
  return consumerInfoFields.flatMap((field) => {
    const value = values[field];
    return value === undefined ? [] : [{ field, value }];
  });
}
