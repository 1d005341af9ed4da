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

/** The members of a consumer that an administrator needs. */
export interface ConsumerDescription {
  readonly name: string;
  readonly consumerKey: string;
  readonly description: string;
  /** Whether it signs with RSA-SHA1. Otherwise it has a shared secret, and no public key. */
  readonly isRsa: boolean;
  /** Empty until the key pair is generated. */
  readonly publicKeyPem: string;
  readonly callbackUrl: string;
}

/** One line of *Consumer info*: the field and the value that *Copy* copies; the value is empty until it is known. */
export interface ConsumerInfoLine {
  readonly field: ConsumerInfoField;
  readonly value: string;
}

/** The lines of *Consumer info*: every value to paste, and no secret. An empty description is left out. */
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
