/** The maximum length of a JSON import of Threelo or Data Center, in UTF-16 code units. */
export const maxClientsJsonLength = 1_048_576;

/** The maximum length of a Postman file, in UTF-16 code units. */
export const maxPostmanFileLength = 20_000_000;

/** The maximum number of entries of a Postman collection that are saved at once. */
export const maxPostmanEntries = 500;
