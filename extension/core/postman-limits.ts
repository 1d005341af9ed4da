/** The longest file of Postman that is read, in UTF-16 code units. */
export const longestPostmanFile = 20_000_000;
