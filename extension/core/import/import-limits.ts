/** The maximum length of a JSON import of Threelo or Data Center, in UTF-16 code units. */
export const maxClientsJsonLength = 1_048_576;

/** The maximum length of a Postman file, in UTF-16 code units. */
export const maxPostmanFileLength = 20_000_000;

/** The maximum number of folders and requests in a Postman collection, and of those that have an OAuth authorization. */
export const maxPostmanItems = { all: 100_000, withAuthorization: 10_000 } as const;

/** The maximum number of different clients in a Postman collection. */
export const maxPostmanClients = 2000;

/** The maximum length of all texts of a collection together after its variables are resolved, in UTF-16 code units. */
export const maxPostmanResolvedLength = 2 * maxPostmanFileLength;

/** The maximum number of clients that are imported at once. */
export const maxImportedClients = 500;
