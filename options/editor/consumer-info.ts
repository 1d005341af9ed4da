/**
 * What an administrator pastes into an application link. The label of each is under the message key
 * `consumer_info_<name>`.
 */
export type ConsumerInfoField =
  'consumerKey' | 'consumerName' | 'publicKey' | 'callbackUrl' | 'description';

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

/** The lines of *Consumer info*, in the order of the link's form; no secret, and no empty description. */
export function consumerInfo(consumer: ConsumerDescription): ConsumerInfoLine[] {
  const { name, consumerKey, description, isRsa, publicKeyPem, callbackUrl } = consumer;
  return [
    { field: 'consumerKey', value: consumerKey },
    { field: 'consumerName', value: name },
    ...(isRsa ? [{ field: 'publicKey' as const, value: publicKeyPem }] : []),
    { field: 'callbackUrl', value: callbackUrl },
    ...(description === '' ? [] : [{ field: 'description' as const, value: description }]),
  ];
}
