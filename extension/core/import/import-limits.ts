/** The longest JSON of our own or of Data Center that is imported, in UTF-16 code units. */
export const maxClientsJsonLength = 1_048_576;

/** The longest file of Postman that is read, in UTF-16 code units. */
export const maxPostmanFileLength = 20_000_000;

/** The most entries of a Postman collection that are saved at once. */
export const maxPostmanEntries = 500;
